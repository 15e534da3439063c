// Lays out a snapshot: which zones are served, and how their names are steered.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/zones/compiled_zone.h"
#include "meridian/zones/snapshot.h"
#include "zones/snapshot/apex_table.h"
#include "zones/snapshot/image_store.h"
#include "zones/snapshot/steering.h"
#include "zones/snapshot/zone_data.h"

namespace meridian::zones {

/// A zone as the workers of one snapshot reach it.
struct ServedZone {
    const ZoneData* data = nullptr;
    /// The services that the zone steers by, in the order in which it counts them.
    const ServedService* const* services = nullptr;
    std::uint32_t number = 0;
    /// Another zone of the snapshot lies below this one, so a name that ends in this apex may
    /// belong to that one.
    bool has_zones_below = false;
};

/// The result of a search for a name in all zones.
struct Found : FoundInZone {
    const ServedZone* zone = nullptr;
};

/// Half of the second-level cache of a server core of 2015 and later; other data takes the rest.
constexpr std::size_t kCoreCacheOctets = std::size_t{512} << 10;

/// What the zones of a snapshot have together.
struct ZoneTotals {
    std::size_t octets = 0;  ///< Of names and images.
    std::size_t names = 0;

    void add(const CompiledZone& zone) {
        octets += zone.memory_octets();
        names += zone.facts().owner_count;
    }
    void subtract(const CompiledZone& zone) {
        octets -= zone.memory_octets();
        names -= zone.facts().owner_count;
    }
};

struct SnapshotData {
    std::uint64_t generation = 0;
    std::shared_ptr<const geo::Atlas> atlas;
    std::shared_ptr<const ApexTable> apexes;
    /// By their numbers in `apexes`, as are `compiled_zones`.
    std::vector<ServedZone> zones;
    std::vector<std::shared_ptr<const CompiledZone>> compiled_zones;
    std::shared_ptr<const Steering> steering;
    std::vector<const ServedService*> services;  ///< Of all zones, one behind the other.
    ZoneTotals totals;
    /// Whether names and images exceed a core's own cache; then it pays to prefetch all memory that
    /// a batch will read.
    bool exceeds_cache = false;
    /// Whether there are so many zones that finding the one of a name waits for memory, too.
    bool has_many_zones = false;
    ImageStore images;         ///< Of no zone.
    ImageRef minimal_any = 0;  ///< HINFO "RFC8482" (RFC 8482 §4.2).
};

}  // namespace meridian::zones
