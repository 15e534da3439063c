// Compares the NS records of a zone with those of the zone above it.
//
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <set>
#include <string>

#include "meridian/zones/compiler.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

namespace {

/// Warns where a zone below has its NS records with another TTL.
void check_zone(const SnapshotData& data, const ZoneFacts& zone, Diagnostics& diagnostics) {
    for (const Delegation& delegation : zone.delegations) {
        const auto number = data.apexes->find(delegation.apex.lower_cased());
        if (!number) { continue; }
        const ZoneFacts& child = data.compiled_zones[*number]->facts();
        if (child.nameservers_ttl_seconds == delegation.ttl_seconds) { continue; }
        diagnostics.push_back(
            diagnostic_of(diagnostics::kDelegationTtl, delegation.file, delegation.position, {},
                          {child.apex.to_text(), std::to_string(delegation.ttl_seconds),
                           std::to_string(child.nameservers_ttl_seconds), child.file}));
    }
}

}  // namespace

Diagnostics check_delegations(const Snapshot& snapshot) {
    const SnapshotData& data = snapshot.data();
    Diagnostics diagnostics;
    for (const auto& zone : data.compiled_zones) {
        check_zone(data, zone->facts(), diagnostics);
    }
    return diagnostics;
}

Diagnostics check_delegations(const Snapshot& snapshot,
                              std::span<const std::shared_ptr<const CompiledZone>> zones) {
    const SnapshotData& data = snapshot.data();
    std::set<std::uint32_t> parents;
    for (const auto& zone : zones) {
        const auto number = data.apexes->find(zone->facts().apex.lower_cased());
        parents.insert(*number);
        if (const auto parent = data.apexes->above(*number)) { parents.insert(*parent); }
    }
    Diagnostics diagnostics;
    for (const std::uint32_t parent : parents) {
        check_zone(data, data.compiled_zones[parent]->facts(), diagnostics);
    }
    return diagnostics;
}

}  // namespace meridian::zones
