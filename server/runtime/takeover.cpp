// Counts who would take over the clients of what an override hits.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/takeover.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "meridian/zones/zone_users.h"

namespace meridian::server {

namespace {

/// "one.example., two.example. and others"
std::string zones_text(const zones::Snapshot& snapshot, std::uint32_t cell) {
    constexpr std::size_t kMost = 3;
    const auto all = zones::zones_using(snapshot, {&cell, 1}, kMost + 1);
    std::string text;
    for (std::size_t i = 0; i < std::min(kMost, all.size()); ++i) {
        text += (text.empty() ? "" : ", ") + all[i].to_text();
    }
    return text + (all.size() > kMost ? " and others" : "");
}

}  // namespace

void count_shares(const zones::Snapshot& snapshot, OverridePreview& preview) {
    const HitTables& tables = preview.tables;
    if (tables.before == nullptr || !tables.before->belongs_to(snapshot)) { return; }
    preview.uncounted = tables.service_count - tables.services.size();
    for (const HitTables::Service& service : tables.services) {
        ServiceShares shares{.service = service.name,
                             .zones = zones_text(snapshot, service.cell),
                             .regions = zones::shares_of(snapshot, service.cell, Family::V4,
                                                         *tables.before, *tables.after)};
        std::erase_if(shares.regions,
                      [](const zones::RegionShare& share) { return share.before == share.after; });
        if (!shares.regions.empty()) { preview.shares.push_back(std::move(shares)); }
    }
}

}  // namespace meridian::server
