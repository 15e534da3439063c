// Packs a zone into one block of memory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "meridian/huge_pages.h"
#include "meridian/zones/compiled_zone.h"
#include "zones/snapshot/zone_data.h"

namespace meridian::zones {

/// A block consists of whole cache lines.
using BlockAllocator = LargeAllocator<TagBucket>;

constexpr std::size_t lines_of_block(std::size_t octets) {
    return (octets + sizeof(TagBucket) - 1) / sizeof(TagBucket);
}

/// Copies `zone` with all that it points to. `names` and `image_units` are the contents of
/// `zone.names` and `zone.images`; `seed` is that of the names.
std::unique_ptr<const ZoneData, FreeZoneData> pack(const ZoneData& zone, std::uint64_t seed,
                                                   const NameTable::Parts& names,
                                                   std::span<const std::uint16_t> image_units);

}  // namespace meridian::zones
