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

/// Reads a `.world` file (the format is drawn atop world.cpp). The error is in words and names
/// the path. Hash and every count are checked before anything is believed; at most 0.3 s.
Result<Atlas, std::string> read_world(const std::string& path);

/// Whether the file begins as a `.world` file does, so that `[geo] database` may name either kind.
bool is_world_file(const std::string& path);

/// How fine the world is kept; see packaging/world/ for the figures behind the defaults.
struct WorldOptions {
    std::uint8_t v4_bits = 24;  ///< Blocks get the largest part's cell; 1 to 32.
    std::uint8_t v6_bits = 48;  ///< 1 to 63.
    double v4_grid_degrees = 1.0;
    double v6_grid_degrees = 2.0;
    std::string attribution;  ///< What the file says of its origin; empty: what the atlas says.
};

/// Reduces an atlas to a grid and writes it as the octets of a `.world` file.
std::vector<std::uint8_t> write_world(const Atlas& atlas, const WorldOptions& options);

}  // namespace meridian::geo
