// Compares what a zone says of its nameservers with what the zone above says.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <string>

#include "meridian/zones/compiler.h"
#include "zones/model/messages.h"
#include "zones/model/text_place.h"

namespace meridian::zones {
namespace {

using ZonesByApex = std::map<dns::Name, const Zone*>;

/// Those below whose apex another zone lies.
ZonesByApex zones_above_others(const ZonesByApex& by_apex) {
    ZonesByApex above;
    for (const auto& [apex, zone] : by_apex) {
        for (dns::Name at = apex; !at.is_root();) {
            at = at.parent();
            if (const auto found = by_apex.find(at); found != by_apex.end()) {
                above.insert(*found);
            }
        }
    }
    return above;
}

}  // namespace

Diagnostics check_delegations(std::span<const std::shared_ptr<const Zone>> zones) {
    ZonesByApex by_apex;
    for (const auto& zone : zones) {
        by_apex.emplace(zone->apex, zone.get());
    }
    Diagnostics diagnostics;
    for (const auto& [parent_apex, parent] : zones_above_others(by_apex)) {
        for (const Owner& owner : parent->owners) {
            const auto set = std::ranges::find(
                owner.sets, dns::Type::NS, [](const OwnedSet& each) { return each.records.type; });
            if (set == owner.sets.end() || owner.name == parent_apex) { continue; }
            const auto found = by_apex.find(owner.name);
            if (found == by_apex.end()) { continue; }
            const Zone& child = *found->second;
            const std::uint32_t ttl =
                child.nameservers_ttl_seconds.value_or(child.ttls.infrastructure);
            if (ttl == set->records.ttl_seconds) { continue; }
            diagnostics.push_back(diagnostic_of(
                messages::kDelegationTtl, file_of(*parent, set->position), set->position, {},
                {child.apex.to_text(), std::to_string(set->records.ttl_seconds),
                 std::to_string(ttl), child.file}));
        }
    }
    return diagnostics;
}

}  // namespace meridian::zones
