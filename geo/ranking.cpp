// Orders the regions of a policy for a place, and tells why.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "meridian/assert.h"

namespace meridian::geo {
namespace {

constexpr double kTaken = std::numeric_limits<double>::infinity();

// The chord on the unit sphere under an arc of `km`, squared.
double squared_chord(double km) {
    const double half_angle = std::min(km / (2 * kEarthRadiusKm), std::numbers::pi / 2);
    const double chord = 2 * std::sin(half_angle);
    return chord * chord;
}

double arc_km(double squared_chord) {
    return 2 * kEarthRadiusKm * std::asin(std::min(std::sqrt(squared_chord) / 2, 1.0));
}

// The regions not yet ranked, as seen from one place. Chords stand in for distances, since they
// grow together.
class Candidates {
public:
    Candidates(std::span<const UnitVector> sites, Coordinates place) : count_(sites.size()) {
        const UnitVector from = unit_vector(place);
        for (std::size_t i = 0; i < count_; ++i) {
            const double x = from.x - sites[i].x;
            const double y = from.y - sites[i].y;
            const double z = from.z - sites[i].z;
            squared_chords_[i] = x * x + y * y + z * z;
        }
    }

    struct Taken {
        RegionIndex region = 0;
        double squared_chord = 0;
    };
    // Takes the first one, in the order of the policy, within a tie of the nearest one left.
    Taken take_next() {
        const std::span<double> left(squared_chords_.data(), count_);
        const auto nearest = std::ranges::min_element(left);
        std::size_t region = static_cast<std::size_t>(nearest - left.begin());
        if (has_rival(left, region)) {
            const double reach = reach_of(*nearest);
            region = static_cast<std::size_t>(
                std::ranges::find_if(left, [reach](double chord) { return chord <= reach; }) -
                left.begin());
        }
        const Taken taken{static_cast<RegionIndex>(region), squared_chords_[region]};
        squared_chords_[region] = kTaken;
        return taken;
    }

    // Whether several are within a tie of the nearest one left. For explaining, before take_next.
    [[nodiscard]] bool has_tie() const {
        const std::span<const double> left(squared_chords_.data(), count_);
        const double reach = reach_of(*std::ranges::min_element(left));
        return std::ranges::count_if(left, [reach](double chord) { return chord <= reach; }) > 1;
    }

private:
    // Up to where regions tie with the nearest, as a squared chord.
    static double reach_of(double nearest) {
        // Rounding may put the limit of antipodes under the nearest itself.
        return std::max(squared_chord(arc_km(nearest) + kTieKm), nearest);
    }

    // Whether one before the nearest in the order of the policy may tie with it. Few do, and the
    // others need no trigonometry: a squared chord, 2 - 2 cos of its arc, grows by less than 2 for
    // each unit of it.
    static bool has_rival(std::span<const double> left, std::size_t nearest) {
        constexpr double kMostATieAdds = 2.01 * kTieKm / kEarthRadiusKm;
        const auto before = left.first(nearest);
        return std::ranges::any_of(before, [reach = left[nearest] + kMostATieAdds](double chord) {
            return chord <= reach;
        });
    }

    std::array<double, kMaxRegions> squared_chords_;
    std::size_t count_;
};

}  // namespace

Ranker::Ranker(const Policy& policy) : default_order_(policy.default_order) {
    MERIDIAN_ASSERT(!policy.regions.empty() && policy.regions.size() <= kMaxRegions);
    MERIDIAN_ASSERT(policy.default_order.size() == policy.regions.size());
    sites_.reserve(policy.regions.size());
    for (const Coordinates& at : policy.regions) {
        sites_.push_back(unit_vector(at));
    }
}

std::vector<RankedRegion> Ranker::explain(const std::optional<Coordinates>& place) const {
    std::vector<RankedRegion> order;
    order.reserve(sites_.size());
    if (!place) {
        for (const RegionIndex region : default_order_) {
            order.push_back({region, 0, false});
        }
        return order;
    }
    Candidates candidates(sites_, *place);
    while (order.size() < sites_.size()) {
        const bool tied = candidates.has_tie();
        const auto next = candidates.take_next();
        order.push_back({next.region, arc_km(next.squared_chord), tied});
    }
    return order;
}

Ranking Ranker::rank(const std::optional<Coordinates>& place) const {
    Ranking ranking;
    ranking.count = static_cast<std::uint8_t>(std::min(sites_.size(), kRankedRegions));
    if (!place) {
        std::copy_n(default_order_.begin(), ranking.count, ranking.regions.begin());
        return ranking;
    }
    Candidates candidates(sites_, *place);
    for (std::size_t i = 0; i < ranking.count; ++i) {
        ranking.regions[i] = candidates.take_next().region;
    }
    return ranking;
}

}  // namespace meridian::geo
