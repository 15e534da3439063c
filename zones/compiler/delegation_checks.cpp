// Compares what a zone says of its nameservers with what the zone above says.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "meridian/zones/compiler.h"
#include "zones/compiler/zones_below.h"
#include "zones/model/messages.h"
#include "zones/model/text_place.h"

namespace meridian::zones {

Diagnostics check_delegations(std::span<const std::shared_ptr<const Zone>> zones) {
    const std::vector<const Zone*> all = pointers_to(zones);
    const std::vector<ZonesByApex> below = zones_below(all);
    Diagnostics diagnostics;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (below[i].empty()) { continue; }
        const Zone& parent = *all[i];
        for (const Owner& owner : parent.owners) {
            const auto set = std::ranges::find(
                owner.sets, dns::Type::NS, [](const OwnedSet& each) { return each.records.type; });
            if (set == owner.sets.end()) { continue; }
            const auto found = below[i].find(owner.name);
            if (found == below[i].end()) { continue; }
            const Zone& child = *all[found->second];
            const std::uint32_t ttl =
                child.nameservers_ttl_seconds.value_or(child.ttls.infrastructure);
            if (ttl == set->records.ttl_seconds) { continue; }
            diagnostics.push_back(diagnostic_of(
                messages::kDelegationTtl, file_of(parent, set->position), set->position, {},
                {child.apex.to_text(), std::to_string(set->records.ttl_seconds),
                 std::to_string(ttl), child.file}));
        }
    }
    return diagnostics;
}

}  // namespace meridian::zones
