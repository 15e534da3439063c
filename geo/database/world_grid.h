// Reduces an atlas to blocks of addresses on a grid of places.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "meridian/geo/location.h"
#include "meridian/geo/world.h"

namespace meridian::geo {

/// A point in hundredths of a degree, counted from the south pole and the antimeridian.
struct WorldPlace {
    std::uint16_t latitude = 0;  ///< 0 to 18,000; kNoPlace in both members where no place is known.
    std::uint16_t longitude = 0;  ///< 0 to 36,000
};

constexpr std::uint16_t kNoPlace = 0xffff;  ///< Only the country is known.

WorldPlace world_place(const std::optional<Coordinates>& at);
std::optional<Coordinates> coordinates_of(WorldPlace place);

/// Neighbouring blocks that share a country and a place in it.
struct WorldRun {
    std::uint64_t block_count = 0;
    std::uint32_t country = 0;  ///< Index into WorldGrid::countries.
    std::uint32_t place = 0;    ///< Index into the country's places.
};

/// The blocks of one family and their places.
struct WorldFamily {
    std::uint8_t block_bits = 0;                  ///< Prefix length of a block.
    std::vector<std::vector<WorldPlace>> places;  ///< Of each country, the most frequent first.
    std::vector<WorldRun> runs;                   ///< All 2^block_bits blocks, in address order.
};

/// A world. Frequent countries and places have small indices, which take few octets.
struct WorldGrid {
    std::vector<CountryCode> countries;  ///< No letters: country unknown.
    std::array<WorldFamily, 2> families;
};

/// Puts each block where the largest part of its addresses is, at the mean place of its grid cell
/// in its country: the mean over addresses for IPv4, over networks for IPv6, where the number of
/// addresses means nothing.
WorldGrid reduce_to_grid(const Atlas& atlas, const WorldOptions& options);

}  // namespace meridian::geo
