// Turns a world's grid into octets and octets into an atlas.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "geo/world_grid.h"
#include "meridian/geo/atlas.h"
#include "meridian/result.h"

namespace meridian::geo {

/// The payload before compression, as drawn atop world.cpp.
std::vector<std::uint8_t> encode_payload(const WorldGrid& grid);

/// Adds all that `payload` says to `builder`, and to its info what kinds of facts there are.
///
/// Believes nothing: whatever the octets are, the result is a whole partition or an error.
Result<Unit, std::string> decode_payload(std::span<const std::uint8_t> payload,
                                         AtlasBuilder& builder);

/// FNV-1a with 64 bits, for finding damage: whoever can change a file on purpose can change its
/// hash as well.
std::uint64_t damage_hash(std::span<const std::uint8_t> octets);

}  // namespace meridian::geo
