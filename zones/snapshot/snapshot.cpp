// Holds all data that answering needs; immutable, replaced as a whole.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/snapshot.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

Snapshot::Snapshot(std::unique_ptr<const SnapshotData> data) : data_(std::move(data)) {}
Snapshot::~Snapshot() = default;

std::uint64_t Snapshot::generation() const {
    return data_->generation;
}

std::size_t Snapshot::zone_count() const {
    return data_->zones.size();
}

std::size_t Snapshot::name_count() const {
    return data_->totals.names;
}

SnapshotInfo Snapshot::info() const {
    SnapshotInfo info;
    info.generation = data_->generation;
    info.zone_count = zone_count();
    info.name_count = name_count();
    info.name_octets = data_->totals.octets;
    std::set<const SteeringPolicy*> policies;  // one may have two tables
    for (const PolicyTable& table : data_->steering->tables) {
        policies.insert(table.policy.get());
    }
    info.policy_count = policies.size();
    std::set<const void*> counted;
    for (const ServedRouteMap& table : route_maps()) {
        const geo::RouteMap& routes = *table.routes;
        info.table_octets += routes.memory_octets();
        if (!counted.insert(routes.table()).second) { info.table_octets -= routes.table_octets(); }
    }
    // A region counts once, also where a zone was loaded with an older version of it.
    std::set<std::pair<std::string_view, std::string_view>> regions;
    std::set<const Region*> seen;
    for (const auto& zone : data_->compiled_zones) {
        for (const auto& region : zone->facts().regions) {
            if (seen.insert(region.get()).second) { regions.emplace(region->file, region->name); }
        }
    }
    info.region_count = regions.size();
    return info;
}

const geo::Atlas& Snapshot::atlas() const {
    return *data_->atlas;
}

std::vector<ServedRouteMap> Snapshot::route_maps() const {
    std::vector<ServedRouteMap> tables;
    std::set<const geo::RouteMap*> known;
    for (const PolicyTable& table : data_->steering->tables) {
        if (known.insert(table.routes.get()).second) {
            tables.push_back({table.ranks(), table.routes});
        }
    }
    return tables;
}

std::vector<ServiceInfo> Snapshot::services() const {
    std::vector<ServiceInfo> services;
    services.reserve(data_->steering->services.size());
    std::map<const SteeringService*, std::uint32_t> numbers;  // with the first of several TTLs
    for (const ServedService& served : data_->steering->services) {
        const SteeringService& service = *served.service;
        numbers.try_emplace(&service, static_cast<std::uint32_t>(services.size()));
        ServiceInfo info{.name = service.label(),
                         .policy = service.policy->name,
                         .ttl_seconds = served.ttl_seconds,
                         .first_cell = served.first_cell,
                         .regions = service.regions,
                         .last_resort = service.last_resort,
                         .health = service.health,
                         .min_regions = service.policy->min_regions,
                         .families_together = service.families_together,
                         .omits = service.omits,
                         .depends = {}};
        for (const auto& other : service.depends) {
            info.depends.push_back(numbers.at(other.get()));  // a zone lists it first
        }
        services.push_back(std::move(info));
    }
    return services;
}

}  // namespace meridian::zones
