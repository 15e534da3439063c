// Remembers under which serial each zone was served last, across restarts.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "meridian/dns/name.h"
#include "meridian/limits.h"
#include "meridian/result.h"
#include "meridian/zones/serial.h"
#include "server/sources/state_directory.h"

namespace meridian::server {

/// Of all zones that are served or have been. For one thread at a time.
///
/// In the state directory it is a file of lines, to be read by people, written by nobody else:
///
///     meridian serials 1
///     beigel.example. 1-8d21... 1790000000
///     end 03fa...
///
/// "1" is the version of the form; behind a name stand the hash of its content and its serial,
/// behind "end" the fingerprint of all lines above it.
class SerialStore {
public:
    using Serials = std::map<dns::Name, zones::ServedSerial>;

    /// Empty. `most` is how many zones are remembered before those that are gone are forgotten.
    explicit SerialStore(std::size_t most = kMaxKeptSerials) : most_(most) {}

    /// What the directory has. `warning` says why that is nothing, where there is a file.
    static SerialStore read(const StateDirectory& state, std::string& warning);

    [[nodiscard]] std::optional<zones::ServedSerial> find(const dns::Name& apex) const;

    /// These are served now. Others are remembered, too, in case they come back, while there is
    /// room.
    void remember(const Serials& served);

    /// Writes what has changed since the last time that worked. The error is in words.
    [[nodiscard]] Result<Unit, std::string> save(const StateDirectory& state);
    /// The directory has lost what was written: the next `save` writes it all.
    void keep_again() { is_saved_ = false; }

private:
    std::size_t most_;
    Serials serials_;
    bool is_saved_ = true;
};

/// The text of that file, and back again; the error says what is wrong with it.
std::string serials_text(const SerialStore::Serials& serials);
Result<SerialStore::Serials, std::string> parse_serials(std::string_view text);

}  // namespace meridian::server
