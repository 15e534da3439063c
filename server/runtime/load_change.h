// Says what a load changed of what is served.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/sources/loaded_zone.h"

namespace meridian::server {

struct ZoneChange {
    std::string name = {};              ///< With the final dot.
    std::uint32_t serial = 0;           ///< The one served now; of a zone that is gone, the last.
    std::uint32_t previous_serial = 0;  ///< Of a zone that was there before; the same where the
                                        ///< file has a serial that was not raised.
    friend bool operator==(const ZoneChange&, const ZoneChange&) = default;
};

/// Another geo database is used.
struct DatabaseChange {
    std::string type = {};
    std::uint64_t build_epoch = 0;  ///< Unix seconds; 0: unknown.
    std::string previous_type = {};
    std::uint64_t previous_build_epoch = 0;
    friend bool operator==(const DatabaseChange&, const DatabaseChange&) = default;
};

/// Zones by name.
struct LoadChange {
    std::vector<ZoneChange> added = {};
    std::vector<ZoneChange> changed = {};
    std::vector<ZoneChange> removed = {};
    std::optional<DatabaseChange> database = {};

    [[nodiscard]] bool empty() const {
        return added.empty() && changed.empty() && removed.empty() && !database;
    }
    friend bool operator==(const LoadChange&, const LoadChange&) = default;
};

struct LastChange {
    std::int64_t at = 0;           ///< Unix seconds.
    std::uint64_t generation = 0;  ///< The one that came of it.
    LoadChange what = {};
    friend bool operator==(const LastChange&, const LastChange&) = default;
};

/// When each version of a zone that is served went live, in unix seconds.
using LoadTimes = std::map<LoadedZone, std::int64_t>;

/// The changes of zones from one load to the next.
LoadChange change_between(const LoadTimes& before, const LoadTimes& now);

}  // namespace meridian::server
