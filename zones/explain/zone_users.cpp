// Names the zones that are steered by services.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/zone_users.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "zones/snapshot/snapshot_data.h"
#include "zones/snapshot/steering.h"

namespace meridian::zones {

std::vector<dns::Name> zones_using(const Snapshot& snapshot, std::span<const std::uint32_t> cells,
                                   std::size_t limit) {
    const std::vector<ServedService>& services = snapshot.data().steering->services;
    std::set<const SteeringService*> wanted;
    for (const std::uint32_t cell : cells) {
        const auto behind =
            std::ranges::upper_bound(services, cell, {}, &ServedService::first_cell);
        if (behind != services.begin()) { wanted.insert(std::prev(behind)->service.get()); }
    }
    std::vector<dns::Name> zones;
    for (const auto& zone : snapshot.data().compiled_zones) {
        if (zones.size() >= limit) { break; }
        const bool uses = std::ranges::any_of(zone->facts().steered, [&](const SteeredUse& use) {
            return wanted.contains(use.service.get());
        });
        if (uses) { zones.push_back(zone->facts().apex); }
    }
    return zones;
}

}  // namespace meridian::zones
