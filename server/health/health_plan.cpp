// Lists what is checked for a snapshot, and which regions of which services depend on that.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/health_plan.h"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

#include "meridian/zones/model/zone.h"

namespace meridian::server {

class HealthPlan::Numbers {
public:
    explicit Numbers(std::vector<Target>& targets) : targets_(targets) {}

    std::uint32_t of(const zones::ProbePoint& point, const zones::Health& health,
                     const zones::CheckedPlace& place) {
        const IpAddress& address = point.address;
        const bool is_placed = zones::depends_on_place(health.checks);
        const Key key{address.family(),  address.high(),
                      address.low(),     point.host_name,
                      number_of(health), is_placed ? place : zones::CheckedPlace()};
        const auto [at, is_new] =
            numbers_.try_emplace(key, static_cast<std::uint32_t>(targets_.size()));
        if (is_new) {
            targets_.push_back({address, point.host_name, zones::checks_at(health.checks, place),
                                health.need, health.timing});
        }
        return at->second;
    }

private:
    using Key = std::tuple<Family, std::uint64_t, std::uint64_t, std::string, std::size_t,
                           zones::CheckedPlace>;

    /// Of what is asked and when: services that differ in `min_up` alone share their targets.
    std::size_t number_of(const zones::Health& health) {
        const auto known = of_health_.find(&health);
        if (known != of_health_.end()) { return known->second; }
        const auto alike = std::ranges::find_if(
            checks_, [&](const zones::Health* other) { return zones::asks_alike(*other, health); });
        const auto number = static_cast<std::size_t>(alike - checks_.begin());
        if (alike == checks_.end()) { checks_.push_back(&health); }
        return of_health_[&health] = number;
    }

    std::vector<Target>& targets_;
    std::map<Key, std::uint32_t> numbers_;
    std::vector<const zones::Health*> checks_;
    std::map<const zones::Health*, std::size_t> of_health_;
};

HealthPlan::HealthPlan(const zones::Snapshot& snapshot)
    : all_up_(std::make_shared<const zones::LiveTable>(snapshot)) {
    Numbers numbers(targets_);
    std::vector<zones::ServiceInfo> infos = snapshot.services();
    std::vector<bool> is_chained(infos.size());
    for (std::size_t i = 0; i < infos.size(); ++i) {
        for (const std::uint32_t other : infos[i].depends) {
            is_chained[i] = is_chained[other] = true;
            infos[other].omits = {};  // all that it has counts for those that depend on it
        }
    }
    std::vector<std::uint32_t> planned(infos.size());  // the index of each among `services_`
    for (std::size_t i = 0; i < infos.size(); ++i) {
        if (infos[i].health == nullptr && !is_chained[i]) {
            unchecked_.push_back(std::move(infos[i]));
            continue;
        }
        planned[i] = add(infos[i], numbers);
        for (const std::uint32_t other : infos[i].depends) {
            services_[planned[i]].depends.push_back(planned[other]);
            services_[planned[other]].dependents.push_back(planned[i]);
        }
    }
}

PlannedService unchecked_service(const zones::ServiceInfo& info) {
    PlannedService service{.name = info.name,
                           .health = nullptr,
                           .regions = {},
                           .has_last_resort = info.last_resort != nullptr,
                           .families_together = info.families_together,
                           .min_regions = info.min_regions,
                           .is_answered = std::ranges::any_of(
                               info.regions, [](const auto& each) { return each->has_answers(); }),
                           .depends = {},
                           .dependents = {}};
    for (std::size_t i = 0; i < info.regions.size(); ++i) {
        if (!info.regions[i]->is_part()) { continue; }
        PlannedRegion region{.cell = info.first_cell + static_cast<std::uint32_t>(i),
                             .region = info.regions[i],
                             .targets = {},
                             .probes = {}};
        for (const IpAddress& address : region.region->addresses) {
            const std::size_t family = index_of(address.family());
            if (!info.omits.at(family)) { region.targets.at(family).push_back(kUnchecked); }
        }
        if (region.region->addresses.empty()) { region.targets[0].push_back(kUnchecked); }
        service.regions.push_back(std::move(region));
    }
    return service;
}

std::uint32_t HealthPlan::add(const zones::ServiceInfo& info, Numbers& numbers) {
    const auto index = static_cast<std::uint32_t>(services_.size());
    PlannedService service = unchecked_service(info);
    service.health = info.health;
    if (info.health != nullptr) { add_targets(service, index, numbers); }
    services_.push_back(std::move(service));
    return index;
}

/// Of the addresses of a service that will have this index.
void HealthPlan::add_targets(PlannedService& service, std::uint32_t index, Numbers& numbers) {
    for (PlannedRegion& region : service.regions) {
        const zones::CheckedPlace place{service.name, region.region->name};
        for (const zones::ProbePoint& point : region.region->probes) {
            region.probes.push_back(numbers.of(point, *service.health, place));
            add_user(region.probes.back(), index, region.region->name);
        }
        if (!region.probes.empty()) { continue; }
        std::array<std::size_t, 2> counts{};
        for (const IpAddress& address : region.region->addresses) {
            const std::size_t family = index_of(address.family());
            if (region.targets.at(family).empty()) { continue; }  // no answer has it
            std::uint32_t& target = region.targets.at(family)[counts.at(family)++];
            target = numbers.of({.address = address}, *service.health, place);
            add_user(target, index, region.region->name);
        }
    }
}

void HealthPlan::add_user(std::uint32_t target, std::uint32_t service, const std::string& region) {
    services_of_.resize(targets_.size());
    region_of_.resize(targets_.size(), region);
    std::vector<std::uint32_t>& users = services_of_[target];
    if (users.empty() || users.back() != service) { users.push_back(service); }
}

}  // namespace meridian::server
