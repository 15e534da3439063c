// Holds what is known of a client while its answer is explained.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "meridian/geo/ranking.h"
#include "meridian/geo/route_map.h"
#include "meridian/zones/model/zone.h"
#include "meridian/zones/serving.h"
#include "zones/snapshot/snapshot_data.h"
#include "zones/snapshot/steering.h"

namespace meridian::zones {

/// A client and the service that steers it.
struct SteeredClient {
    const Serving& serving;
    const ServedService& service;
    geo::Ranker ranker;
    geo::RankingId ranking_id = 0;              ///< From the route map,
    std::span<const geo::RegionIndex> ranking;  ///< and the regions as it has them.

    [[nodiscard]] const Region& region(geo::RegionIndex index) const {
        return *service.service->regions[index];
    }
    [[nodiscard]] const std::string& region_name(geo::RegionIndex index) const {
        return region(index).name;
    }
    /// Those of the service in the live table, by region.
    [[nodiscard]] const LiveCell* cells() const {
        return serving.live()->cells().data() + service.first_cell;
    }
    [[nodiscard]] std::size_t exact_ranks() const {
        return service.routes->rankings().exact_ranks();
    }
    /// Whether clients at a place have the ranking.
    [[nodiscard]] bool is_ranked_from(const std::optional<geo::Coordinates>& place) const {
        std::vector<geo::RegionIndex> order(exact_ranks());
        ranker.rank(place, order);
        return std::ranges::equal(order, ranking.first(exact_ranks()));
    }
    [[nodiscard]] geo::RegionIndex nearest_to(const geo::Coordinates& place) const {
        geo::RegionIndex nearest = 0;
        ranker.rank(place, {&nearest, 1});
        return nearest;
    }
};

}  // namespace meridian::zones
