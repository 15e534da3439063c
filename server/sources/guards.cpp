// Holds back changes that look like an accident: what would be gone is too much to be meant.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/guards.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "server/sources/source_messages.h"

namespace meridian::server {

namespace {

constexpr std::size_t kFewZones = 4;  // below that one zone is a large share
constexpr std::size_t kMostLostPercent = 30;
constexpr std::size_t kNamesShown = 3;

bool is_too_much(std::size_t lost, std::size_t all) {
    return lost == all || (all >= kFewZones && lost * 100 > all * kMostLostPercent);
}

std::string names_of(const std::vector<const ZoneSummary*>& zones) {
    std::string names;
    for (std::size_t i = 0; i < std::min(zones.size(), kNamesShown); ++i) {
        names += (i == 0 ? "" : ", ") + zones[i]->apex.to_text();
    }
    return names + (zones.size() > kNamesShown ? ", ..." : "");
}

}  // namespace

ZoneSummary summary_of(const zones::Zone& zone) {
    ZoneSummary summary{zone.apex, zone.file, 0, zone.regions.size(), zone.signed_at.has_value()};
    for (const zones::Owner& owner : zone.owners) {
        const bool is_nameserver =
            std::ranges::find(zone.nameservers, owner.name) != zone.nameservers.end();
        if (!is_nameserver) { summary.records += owner.sets.size() + (owner.steer ? 1 : 0); }
    }
    return summary;
}

Holding hold_losses(const std::vector<ZoneSummary>& before, const std::vector<ZoneSummary>& after,
                    const std::string& directory) {
    std::map<dns::Name, const ZoneSummary*> left;
    for (const ZoneSummary& zone : after) {
        left.emplace(zone.apex, &zone);
    }
    Holding holding;
    std::set<std::string> files;
    std::vector<const ZoneSummary*> lost;
    for (const ZoneSummary& zone : before) {
        const auto found = left.find(zone.apex);
        if (found == left.end()) {
            lost.push_back(&zone);
            continue;
        }
        const ZoneSummary& now = *found->second;
        const bool no_records = zone.records > 0 && now.records == 0;
        if (!no_records && !(zone.regions > 0 && now.regions == 0)) { continue; }
        files.insert(zone.file);
        holding.diagnostics.push_back(
            zones::diagnostic_of(messages::kHeldZone, now.file, {}, {},
                                 {no_records ? "records" : "regions", zone.apex.to_text()}));
    }
    if (!lost.empty() && is_too_much(lost.size(), before.size())) {
        for (const ZoneSummary* zone : lost) {
            files.insert(zone->file);
        }
        holding.diagnostics.push_back(zones::diagnostic_of(
            messages::kHeldZones, directory, {}, {},
            {std::to_string(lost.size()), std::to_string(before.size()), names_of(lost)}));
    }
    holding.files.assign(files.begin(), files.end());
    return holding;
}

std::string why_hold(const geo::AtlasInfo& before, const geo::AtlasInfo& after) {
    if (after.build_epoch < before.build_epoch) {
        return "it is older than the one that is served";
    }
    const std::uint64_t networks = before.v4_networks + before.v6_networks;
    const std::uint64_t left = after.v4_networks + after.v6_networks;
    if (left * 2 >= networks) { return {}; }
    return "it has " + std::to_string(left) + " networks, the one that is served " +
           std::to_string(networks);
}

}  // namespace meridian::server
