// Counts who would take over the clients of what an override hits.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/takeover.h"

#include <algorithm>
#include <utility>

namespace meridian::server {

void count_shares(const zones::Snapshot& snapshot, OverridePreview& preview) {
    const HitTables& tables = preview.tables;
    if (tables.before == nullptr || !tables.before->belongs_to(snapshot)) { return; }
    for (const HitTables::Service& service : tables.services) {
        ServiceShares shares{.service = service.name,
                             .regions = zones::shares_of(snapshot, service.cell, Family::V4,
                                                         *tables.before, *tables.after)};
        std::erase_if(shares.regions,
                      [](const zones::RegionShare& share) { return share.before == share.after; });
        if (!shares.regions.empty()) { preview.shares.push_back(std::move(shares)); }
    }
}

}  // namespace meridian::server
