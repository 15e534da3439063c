// Finds which zones of a server lie below which.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/compiler/zones_below.h"

#include <cstddef>

namespace meridian::zones {

std::vector<const Zone*> pointers_to(std::span<const std::shared_ptr<const Zone>> zones) {
    std::vector<const Zone*> pointers;
    pointers.reserve(zones.size());
    for (const auto& zone : zones) {
        pointers.push_back(zone.get());
    }
    return pointers;
}

std::vector<ZonesByApex> zones_below(const std::vector<const Zone*>& zones) {
    ZonesByApex by_apex;
    for (std::size_t i = 0; i < zones.size(); ++i) {
        by_apex.emplace(zones[i]->apex.lower_cased(), static_cast<std::uint16_t>(i));
    }
    std::vector<ZonesByApex> children(zones.size());
    for (const auto& [apex, index] : by_apex) {
        for (dns::Name above = apex; !above.is_root();) {
            above = above.parent();
            const auto parent = by_apex.find(above);
            if (parent == by_apex.end()) { continue; }
            children[parent->second].emplace(apex, index);
        }
    }
    return children;
}

}  // namespace meridian::zones
