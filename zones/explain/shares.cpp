// Counts which share of the address space each region of a service gets.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/shares.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "zones/snapshot/choice.h"
#include "zones/snapshot/snapshot_data.h"
#include "zones/snapshot/steering.h"

namespace meridian::zones {
namespace {

/// The sizes of the leaves of each ranking, as shares of the whole space.
std::vector<double> sizes_by_ranking(const geo::RouteMap& routes, Family family) {
    std::vector<double> sizes;
    for (const geo::RouteMap::Leaf& leaf : routes.leaves(family)) {
        if (leaf.ask_resolver) { continue; }
        if (leaf.ranking >= sizes.size()) { sizes.resize(leaf.ranking + 1); }
        sizes[leaf.ranking] += std::exp2(-static_cast<double>(leaf.prefix.bits));
    }
    return sizes;
}

}  // namespace

std::vector<RegionShare> shares_of(const Snapshot& snapshot, std::uint32_t cell, Family family,
                                   const LiveTable& before, const LiveTable& after) {
    const std::vector<ServedService>& services = snapshot.data().steering->services;
    const auto service = std::ranges::find_if(services, [&](const ServedService& each) {
        return each.first_cell <= cell && cell < each.end_cell();
    });
    if (service == services.end()) { return {}; }
    std::vector<RegionShare> shares;
    for (const auto& region : service->service->regions) {
        shares.push_back({.region = region->name});
    }
    const std::size_t number = index_of(family);
    const std::vector<double> sizes = sizes_by_ranking(*service->routes, family);
    double all = 0;
    for (std::size_t ranking = 0; ranking < sizes.size(); ++ranking) {
        const auto regions = service->routes->rankings()[ranking];
        const LiveCell* const now = before.cells().data() + service->first_cell;
        const LiveCell* const then = after.cells().data() + service->first_cell;
        shares[walk_ladder(regions, now, number).region].before += sizes[ranking];
        shares[walk_ladder(regions, then, number).region].after += sizes[ranking];
        all += sizes[ranking];
    }
    std::erase_if(shares,
                  [](const RegionShare& share) { return share.before == 0 && share.after == 0; });
    for (RegionShare& share : shares) {
        share.before /= all;
        share.after /= all;
    }
    return shares;
}

}  // namespace meridian::zones
