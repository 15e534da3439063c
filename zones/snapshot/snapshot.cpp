// Holds everything that answering needs, immutable, replaced whole.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/snapshot.h"

#include <set>
#include <utility>

#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

Snapshot::Snapshot(std::unique_ptr<const SnapshotData> data) : data_(std::move(data)) {}
Snapshot::~Snapshot() = default;

SnapshotInfo Snapshot::info() const {
    SnapshotInfo info;
    info.generation = data_->generation;
    info.zone_count = data_->zones.size();
    info.name_count = data_->owner_count;
    info.policy_count = data_->policy_tables.size();
    info.region_count = data_->region_count;
    std::set<const void*> counted;
    for (const SteeringTable& table : tables()) {
        const geo::RouteMap& routes = *table.routes;
        info.table_octets += routes.memory_octets();
        if (!counted.insert(routes.table()).second) { info.table_octets -= routes.table_octets(); }
    }
    info.name_octets = data_->names.memory_octets() + data_->images.memory_octets() +
                       data_->sets.capacity() * sizeof(SetEntry) +
                       data_->linked_sets.capacity() * sizeof(LinkedSet) +
                       data_->additional.capacity() * sizeof(AdditionalSet);
    return info;
}

const geo::Atlas& Snapshot::atlas() const {
    return *data_->atlas;
}

std::vector<SteeringTable> Snapshot::tables() const {
    std::vector<SteeringTable> tables;
    std::set<const geo::RouteMap*> known;
    for (const PolicyTable& table : data_->policy_tables) {
        if (known.insert(table.routes.get()).second) {
            tables.push_back({table.policy, table.routes});
        }
    }
    return tables;
}

}  // namespace meridian::zones
