// Says which families the names of a service have.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/service_families.h"

#include <algorithm>
#include <cstddef>

namespace meridian::zones {

bool has_family(const std::vector<IpAddress>& addresses, Family family) {
    return std::ranges::find(addresses, family, &IpAddress::family) != addresses.end();
}

bool service_has_family(const Zone& zone, const Service& service, Family family) {
    const Policy& policy = zone.policies[service.policy];
    std::size_t region_count = 0;  // those that are part of the service
    std::size_t with_family = 0;
    for (const std::size_t region : policy.regions) {
        const std::vector<IpAddress>& addresses = addresses_of(zone, service, region);
        if (addresses.empty()) { continue; }
        ++region_count;
        if (has_family(addresses, family)) { ++with_family; }
    }
    const bool all_have_to = policy.missing_family == MissingFamily::Omit;
    return with_family > 0 && (with_family == region_count || !all_have_to);
}

}  // namespace meridian::zones
