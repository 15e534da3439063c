// Reads and writes the compact world that ships with Meridian.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/result.h"

namespace meridian::geo {

/// Reads a `.world` file (the format is drawn atop world.cpp) in at most 0.3 s. Checks the hash,
/// and each count before it is used. The error is in words and names the path.
Result<Atlas, std::string> read_world(const std::string& path);

/// Whether the file begins as a `.world` file does, so that `[geo] database` may name either kind.
bool is_world_file(const std::string& path);

/// How fine the world is; packaging/world/ has the figures behind the defaults.
struct WorldOptions {
    std::uint8_t v4_bits =
        24;  ///< Prefix length of a block, which gets the cell of its largest part; 1 to 32.
    std::uint8_t v6_bits = 48;  ///< 1 to 63.
    double v4_grid_degrees = 1.0;
    double v6_grid_degrees = 2.0;
    std::string attribution;  ///< The notice of the licence; empty: that of the atlas.
};

/// Reduces an atlas to a grid and writes it as the octets of a `.world` file.
std::vector<std::uint8_t> write_world(const Atlas& atlas, const WorldOptions& options);

}  // namespace meridian::geo
