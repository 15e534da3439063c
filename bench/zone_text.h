// Writes zone files of any size for benchmarks.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace meridian::bench {

struct ZoneShape {
    const char* name;
    const char* file;  ///< What the file must be called: the name of the zone and the ending.
    bool is_toml;
    /// The text of a zone with about so many records.
    std::string (*make)(std::size_t records);
};

std::span<const ZoneShape> zone_shapes();

}  // namespace meridian::bench
