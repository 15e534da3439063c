// Writes zone files of any size for benchmarks.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace meridian::bench {

struct ZoneShape {
    const char* name;
    const char* file;  ///< The file name to use: the name of the zone and the ending.
    bool is_toml;
    /// The text of a zone with about so many records.
    std::string (*make)(std::size_t records);
};

std::span<const ZoneShape> zone_shapes();

/// Master files of `names_per_zone` names each. Calls
/// `take(file name, text)` for each.
void make_many_zones(std::size_t zones, std::size_t names_per_zone,
                     const std::function<void(const std::string&, const std::string&)>& take);

}  // namespace meridian::bench
