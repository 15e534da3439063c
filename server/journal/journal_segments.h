// Appends lines to the segments of the journal, and begins and removes segments.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "meridian/result.h"
#include "server/journal/journal_entry.h"
#include "server/journal/journal_state.h"
#include "server/state/state_directory.h"

namespace meridian::server {

/// For one thread.
class JournalSegments {
public:
    /// Goes on in the last segment there, and begins one, with what holds now, where there is none.
    [[nodiscard]] Result<Unit, std::string> use(StateDirectory state, const JournalState& now,
                                                std::int64_t time);
    /// Writes all of the entries or none, as far as the disk lets it. `state` is what holds behind
    /// them: a segment that begins with them has it in front. Where there is no state directory,
    /// they go nowhere.
    [[nodiscard]] Result<Unit, std::string> append(const std::vector<JournalEntry>& entries,
                                                   const JournalState& state);

private:
    void find_last();
    [[nodiscard]] Result<Unit, std::string> begin_segment(const std::string& lines,
                                                          const JournalState& state,
                                                          std::int64_t time);
    void remove_old() const;

    StateDirectory state_;
    std::string name_;  ///< Of the segment that is written to; empty: none.
    std::uint64_t octets_ = 0;
    std::uint64_t limit_octets_ = 0;
    bool ends_in_line_feed_ = true;
};

}  // namespace meridian::server
