// Holds one zone in the form that answers queries; immutable, shared by snapshots.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/compiled_zone.h"

#include "zones/snapshot/zone_block.h"

namespace meridian::zones {

void FreeZoneData::operator()(const ZoneData* data) const {
    // The block begins with the data, and was allocated as lines.
    auto* const lines = reinterpret_cast<TagBucket*>(const_cast<ZoneData*>(data));
    BlockAllocator().deallocate(lines, lines_of_block(data->octets));
}

std::size_t CompiledZone::memory_octets() const {
    return data_->octets;
}

}  // namespace meridian::zones
