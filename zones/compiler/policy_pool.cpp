// Makes equal policies and regions of many zones one.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/compiler/policy_pool.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>

#include "meridian/assert.h"
#include "meridian/limits.h"

namespace meridian::zones {
namespace {

template <typename T>
void mix(std::size_t& hash, const T& value) {
    hash = hash * 31 + std::hash<T>()(value);
}

/// Whether a client may need a region of any rank: where regions lack a family that others have,
/// and the next one that has it answers. A and AAAA of a name then both read the table with all
/// ranks (DESIGN 2, rule 7).
bool needs_all_ranks(const Zone& zone, const Policy& policy) {
    if (policy.missing_family != MissingFamily::Next) { return false; }
    if (policy.regions.size() <= kRankedRegions) { return false; }  // so it ranks like others
    return std::ranges::any_of(std::array{Family::V4, Family::V6}, [&](Family family) {
        const auto count = std::ranges::count_if(policy.regions, [&](std::size_t region) {
            return has_family(zone.regions[region], family);
        });
        return count > 0 && static_cast<std::size_t>(count) < policy.regions.size();
    });
}

/// The policy as `geo` has it: with indices of its own regions instead of the zone's.
geo::Policy ranks_of(const Zone& zone, const Policy& policy) {
    geo::Policy ranks;
    for (const std::size_t region : policy.regions) {
        ranks.regions.push_back(zone.regions[region].at);
    }
    for (const std::size_t region : policy.default_order) {
        const auto at = std::ranges::find(policy.regions, region);
        MERIDIAN_ASSERT(at != policy.regions.end());
        ranks.default_order.push_back(static_cast<geo::RegionIndex>(at - policy.regions.begin()));
    }
    ranks.all_ranks = needs_all_ranks(zone, policy);
    return ranks;
}

}  // namespace

bool has_family(const Region& region, Family family) {
    return std::ranges::any_of(region.addresses, [family](const IpAddress& address) {
        return address.family() == family;
    });
}

bool is_same(const Region& left, const Region& right) {
    return left.name == right.name && left.file == right.file && left.at == right.at &&
           left.addresses == right.addresses;
}

bool is_same(const SteeringPolicy& left, const SteeringPolicy& right) {
    return left == right;
}

std::size_t hash_of(const Region& region) {
    std::size_t hash = region.addresses.size();
    mix(hash, region.name);
    mix(hash, region.file);
    mix(hash, region.at.latitude);
    mix(hash, region.at.longitude);
    return hash;
}

std::size_t hash_of(const SteeringPolicy& policy) {
    std::size_t hash = policy.regions.size();
    mix(hash, policy.name);
    for (const auto& region : policy.regions) {
        mix(hash, region.get());
    }
    return hash;
}

std::shared_ptr<const SteeringPolicy> PolicyPool::share(const Zone& zone, const Policy& policy) {
    SteeringPolicy shared;
    shared.name = policy.name;
    for (const std::size_t region : policy.regions) {
        shared.regions.push_back(share(zone.regions[region]));
    }
    shared.ranks = ranks_of(zone, policy);
    shared.max_addresses = policy.max_addresses;
    shared.client_subnet = policy.client_subnet;
    return policies_.share(std::move(shared));
}

}  // namespace meridian::zones
