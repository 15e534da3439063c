// Encodes a world's grid as octets, and decodes octets into an atlas.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "geo/database/world_grid.h"
#include "meridian/geo/atlas.h"
#include "meridian/result.h"

namespace meridian::geo {

/// The payload before compression, as drawn atop world.cpp.
std::vector<std::uint8_t> encode_payload(const WorldGrid& grid);

/// Adds all blocks of `payload` to `builder`, and notes in its info whether there are coordinates.
///
/// Checks everything: whatever the octets are, the result is a whole partition or an error.
Result<Unit, std::string> decode_payload(std::span<const std::uint8_t> payload,
                                         AtlasBuilder& builder);

/// FNV-1a with 64 bits, which finds damage. It is no protection against an attacker, who would
/// change the hash along with the file.
std::uint64_t damage_hash(std::span<const std::uint8_t> octets);

}  // namespace meridian::geo
