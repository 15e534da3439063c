// Appends to a state file what has changed since it was written whole.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "meridian/digest.h"
#include "meridian/result.h"
#include "server/state/state_directory.h"
#include "server/state/state_lines.h"

namespace meridian::server {

/// A file beside a state file, its base. Each entry ends in a line with its digest, so that one
/// which a crash or a full disk cut is left out and the others count. The first line has the digest
/// of the base: a journal of another base counts for nothing. So a crash between the writing of a
/// base and the deleting of its journal does no harm, nor does a Meridian that knows no journals.
///
///     meridian serials-journal 1 <digest of the base>
///     beigel.example. 2-8d21... 1790000001
///     end <digest of the entry>
///
/// An entry is written by one call and not before the base; one process appends to its own journal
/// alone. For one thread at a time.
class StateJournal {
public:
    /// What `read` found.
    struct Reading {
        bool is_there = false;  ///< The base is to be written anew, with the entries.
        std::string fault;      ///< Why some edits may not count, in words; empty where none.
    };

    /// The names of base and journal in the state directory; they outlive the journal.
    StateJournal(std::string_view base_file, std::string_view file, StateForm form)
        : base_file_(base_file), file_(file), form_(form) {}

    /// Calls `take` with the lines of each whole entry of the journal of that base. A last entry
    /// that was cut is no fault.
    [[nodiscard]] Reading read(const StateDirectory& state, const Digest& base,
                               const std::function<void(std::string_view)>& take) const;
    /// The same where there is no base, so that no entry counts.
    [[nodiscard]] std::string fault_without_base(const StateDirectory& state) const;

    /// The base was written and has that digest. Deletes the journal of the one before.
    void begin(const Digest& base, const StateDirectory& state);
    /// The base is to be written before anything is appended.
    void end() { can_append_ = false; }
    /// Whether a base was written, and all that was appended since is in the journal.
    [[nodiscard]] bool can_append() const { return can_append_; }

    /// Appends an entry of whole lines; a crash of the machine may lose it before `sync`. False
    /// where that failed, and where the base is not as it was written, so that the journal would
    /// count for nothing: the base is to be written then.
    [[nodiscard]] bool append(std::string_view lines, const StateDirectory& state);
    /// Brings the entries to the disk. The error is in words.
    [[nodiscard]] Result<Unit, std::string> sync(const StateDirectory& state);
    /// The length of the file.
    [[nodiscard]] std::uint64_t octets() const { return octets_; }

private:
    std::string_view base_file_;
    std::string_view file_;
    StateForm form_;
    Digest base_;
    std::string base_state_;    // of the file; see file_state_of
    std::uint64_t octets_ = 0;  // 0: there is none
    bool can_append_ = false;
    bool is_synced_ = true;
};

}  // namespace meridian::server
