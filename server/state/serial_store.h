// Remembers under which serial each zone was served last, across restarts.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "meridian/dns/name.h"
#include "meridian/limits.h"
#include "meridian/result.h"
#include "meridian/zones/serial.h"
#include "server/state/state_directory.h"
#include "server/state/state_journal.h"

namespace meridian::server {

/// Of all zones that are served or have been. For one thread at a time.
///
/// In the state directory it is a file of lines. Operators may read it, but only Meridian writes
/// it:
///
///     meridian serials 2
///     beigel.example. 1-8d21... 1790000000
///     end 03fa...
///
/// "2" is the version of the form; behind a name stand the hash of its content and its serial,
/// behind "end" the digest of all lines above it. What an edit changes is appended to a journal
/// (state_journal.h) whose entries are such lines.
class SerialStore {
public:
    using Serials = std::map<dns::Name, zones::ServedSerial>;

    /// Empty. Beyond `most` zones, those that are gone are forgotten.
    explicit SerialStore(std::size_t most = kMaxSavedSerials);

    /// Reads the file. `warning` says why an existing file cannot be used.
    static SerialStore read(const StateDirectory& state, std::string& warning);

    [[nodiscard]] std::optional<zones::ServedSerial> find(const dns::Name& apex) const;

    /// Notes that these are served now. Zones that are gone are remembered too, while there is
    /// room, in case they come back.
    void remember(const Serials& served);
    /// Notes that these are served now beside others that were noted before. False where there is
    /// no more room: `remember` has to be called with all of them.
    [[nodiscard]] bool remember_more(const Serials& served);

    /// Notes that these are served from now on beside others that were noted before, and appends
    /// them to the journal, so that a process that is killed serves no older serial afterwards.
    /// Where that is impossible, `save` writes the file.
    void remember_edit(const Serials& served, const StateDirectory& state);

    /// Brings the journal to the disk, and writes the file if it has changed but for that. The
    /// error is in words.
    [[nodiscard]] Result<Unit, std::string> save(const StateDirectory& state);
    /// The next `save` writes the file, with what is in the journal, or since the directory has
    /// lost it.
    void save_again() {
        is_saved_ = false;
        journal_.end();
    }
    /// The length of the journal, which grows until the file is written.
    [[nodiscard]] std::uint64_t journal_octets() const { return journal_.octets(); }

private:
    StateJournal::Reading read_journal(const Digest& base, const StateDirectory& state);

    std::size_t most_;
    StateJournal journal_;
    Serials serials_;
    bool is_saved_ = true;
};

/// The text of that file, and back again; the error says what is wrong with it.
std::string serials_text(const SerialStore::Serials& serials);
Result<SerialStore::Serials, std::string> parse_serials(std::string_view text);

}  // namespace meridian::server
