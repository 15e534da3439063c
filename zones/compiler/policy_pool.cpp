// Makes equal services, policies and regions of many zones one.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/compiler/policy_pool.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>

#include "meridian/assert.h"
#include "meridian/limits.h"
#include "zones/model/service_families.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {
namespace {

template <typename T>
void mix(std::size_t& hash, const T& value) {
    hash = hash * 31 + std::hash<T>()(value);
}

/// Whether it holds for some of the regions, but not for all.
template <typename Predicate>
bool holds_for_some_only(const std::vector<std::size_t>& regions, Predicate holds) {
    const auto count = static_cast<std::size_t>(std::ranges::count_if(regions, holds));
    return count > 0 && count < regions.size();
}

/// Whether a client may need a region of any rank: where regions are no part of the service, or
/// lack a family that others have and the next one that has it answers.
bool needs_all_ranks(const Zone& zone, const Service& service) {
    const Policy& policy = zone.policies[service.policy];
    if (policy.regions.size() <= kRankedRegions) { return false; }  // so it ranks like others
    if (service.is_probed_only) { return false; }                   // no client gets it
    const auto addresses = [&](std::size_t region) -> const std::vector<IpAddress>& {
        return addresses_of(zone, service, region);
    };
    const auto is_part = [&](std::size_t region) { return is_part_of(zone, service, region); };
    if (holds_for_some_only(policy.regions, is_part)) { return true; }
    if (policy.missing_family != MissingFamily::Next) { return false; }
    return std::ranges::any_of(std::array{Family::V4, Family::V6}, [&](Family family) {
        return holds_for_some_only(policy.regions, [&](std::size_t region) {
            return has_family(addresses(region), family);
        });
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
    return ranks;
}

/// In the form of a region, which lies nowhere.
Region last_resort_of(const Zone& zone, const Service& service) {
    Region region;
    region.name = kLastResort;
    region.file = file_of(zone, service.position);
    region.addresses = service.last_resort;
    region.target = service.last_resort_cname;
    return region;
}

/// As written: clients get the letters of the zone file.
bool has_same_target(const Region& left, const Region& right) {
    if (!left.target || !right.target) {
        return left.target.has_value() == right.target.has_value();
    }
    return std::ranges::equal(left.target->wire(), right.target->wire());
}

}  // namespace

bool is_same(const Health& left, const Health& right) {
    return left == right;
}

bool is_same(const Region& left, const Region& right) {
    return left.name == right.name && left.file == right.file && left.at == right.at &&
           left.addresses == right.addresses && left.is_drained == right.is_drained &&
           left.maintenance == right.maintenance && left.probes == right.probes &&
           has_same_target(left, right);
}

bool is_same(const SteeringPolicy& left, const SteeringPolicy& right) {
    return left == right;
}

bool is_same(const SteeringService& left, const SteeringService& right) {
    return left == right;
}

std::size_t hash_of(const Health& health) {
    std::size_t hash = health.checks.size();
    for (const HealthCheck& check : health.checks) {
        mix(hash, static_cast<std::size_t>(check.kind));
        mix(hash, check.port);
        mix(hash, check.host);
        mix(hash, check.path);
    }
    mix(hash, health.timing.every.count());
    mix(hash, health.timing.timeout.count());
    return hash;
}

std::size_t hash_of(const Region& region) {
    std::size_t hash = region.addresses.size();
    for (const IpAddress& address : region.addresses) {  // services give one region many
        mix(hash, address.high());
        mix(hash, address.low());
    }
    mix(hash, region.name);
    mix(hash, region.file);
    mix(hash, region.at.latitude);
    mix(hash, region.at.longitude);
    mix(hash, region.is_drained);
    for (const Window& window : region.maintenance) {
        mix(hash, window.from);
        mix(hash, window.until);
    }
    if (region.target) { mix(hash, region.target->to_text()); }
    for (const ProbePoint& probe : region.probes) {
        mix(hash, probe.address.low());
        mix(hash, probe.host_name);
    }
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

std::size_t hash_of(const SteeringService& service) {
    std::size_t hash = service.regions.size();
    mix(hash, service.name);
    mix(hash, service.policy.get());
    mix(hash, service.health.get());
    mix(hash, service.last_resort.get());
    for (const auto& region : service.regions) {
        mix(hash, region.get());
    }
    for (const auto& other : service.depends) {
        mix(hash, other.get());
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
    shared.min_regions = policy.min_regions;
    return policies_.share(std::move(shared));
}

std::shared_ptr<const SteeringService> PolicyPool::share(
    const Zone& zone, const Service& service, std::shared_ptr<const SteeringPolicy> policy,
    std::vector<std::shared_ptr<const SteeringService>> depends) {
    SteeringService shared;
    shared.name = service.name;
    shared.policy = std::move(policy);
    if (has_regions_own(service)) {
        shared.regions = shared.policy->regions;
    } else {
        for (const std::size_t index : zone.policies[service.policy].regions) {
            Region region = zone.regions[index];
            region.addresses = addresses_of(zone, service, index);
            region.probes = probes_of(service, index);
            if (!service.cnames.empty()) { region.target = service.cnames[index]; }
            shared.regions.push_back(regions_.share(std::move(region)));
        }
    }
    if (!service.last_resort.empty() || service.last_resort_cname) {
        shared.last_resort = regions_.share(last_resort_of(zone, service));
    }
    shared.families_together = service.families_together;
    if (zone.policies[service.policy].missing_family == MissingFamily::Omit) {
        shared.omits = {!service_has_family(zone, service, Family::V4),
                        !service_has_family(zone, service, Family::V6)};
    }
    shared.depends = std::move(depends);
    shared.all_ranks = needs_all_ranks(zone, service);
    if (service.health != nullptr) { shared.health = healths_.share(*service.health); }
    return services_.share(std::move(shared));
}

}  // namespace meridian::zones
