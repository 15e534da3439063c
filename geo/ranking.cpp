// Orders the regions of a policy for a place, and explains the order.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/ranking.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>

#include "meridian/assert.h"

namespace meridian::geo {
namespace {

// The chord on the unit sphere under an arc of `km`, squared.
double squared_chord(double km) {
    const double half_angle = std::min(km / (2 * kEarthRadiusKm), std::numbers::pi / 2);
    const double chord = 2 * std::sin(half_angle);
    return chord * chord;
}

double arc_km(double squared_chord) {
    return 2 * kEarthRadiusKm * std::asin(std::min(std::sqrt(squared_chord) / 2, 1.0));
}

// The regions as seen from one place, taken one by one. Squared chords are compared in place of
// distances: the longer the distance, the longer the chord.
class Candidates {
public:
    struct Taken {
        RegionIndex region = 0;
        double squared_chord = 0;
        bool tied = false;  // others that are left tie with the nearest one left
    };

    Candidates(std::span<const UnitVector> sites, Coordinates place) : count_(sites.size()) {
        const UnitVector from = unit_vector(place);
        for (std::size_t i = 0; i < count_; ++i) {
            const double x = from.x - sites[i].x;
            const double y = from.y - sites[i].y;
            const double z = from.z - sites[i].z;
            sorted_[i] = {x * x + y * y + z * z, static_cast<RegionIndex>(i)};
        }
    }

    // Takes, of the regions that tie with the nearest one left, the first in the order of the
    // policy. The nearest one left only moves away, and so does the reach of its ties: sorted once,
    // the regions enter `rivals_` once and leave it once.
    Taken take_next() {
        if (rival_count_ == 0) {
            const Candidate& nearest = by_distance(nearest_left_);
            reached_ = nearest_left_ + 1;
            if (reached_ == count_ || !may_tie(nearest, by_distance(reached_))) {
                nearest_left_ = reached_;
                return {nearest.region, nearest.squared_chord, false};
            }
            add_rival(nearest_left_);
        }
        const double reach = reach_of(sorted_[nearest_left_].squared_chord);
        while (reached_ < count_ && by_distance(reached_).squared_chord <= reach) {
            add_rival(reached_++);
        }
        return take_first_rival();
    }

private:
    struct Candidate {
        double squared_chord;
        RegionIndex region;
    };
    static constexpr std::size_t kSortedAtOnce = 17;  // the 16 that are voted on, and what ties
    static constexpr RegionIndex kTaken = 0xffff;
    static_assert(kMaxRegions <= kTaken);

    static bool is_nearer(const Candidate& one, const Candidate& other) {
        return one.squared_chord < other.squared_chord ||
               (one.squared_chord == other.squared_chord && one.region < other.region);
    }

    // Sorts as far as it is asked: of many regions the first ranks alone are wanted.
    const Candidate& by_distance(std::size_t position) {
        if (position >= sorted_count_) {
            const auto begin = sorted_.begin() + static_cast<std::ptrdiff_t>(sorted_count_);
            const auto end = sorted_.begin() + static_cast<std::ptrdiff_t>(count_);
            sorted_count_ = std::min(count_, std::max(sorted_count_ * 2, kSortedAtOnce));
            const auto until = sorted_.begin() + static_cast<std::ptrdiff_t>(sorted_count_);
            if (until == end) {
                std::sort(begin, end, is_nearer);
            } else {
                std::partial_sort(begin, until, end, is_nearer);
            }
        }
        return sorted_[position];
    }

    // Few do; the others are ruled out without trigonometry, since a squared chord, 2 - 2 cos(arc),
    // grows by less than 2 for each unit of the arc.
    static bool may_tie(const Candidate& nearest, const Candidate& next) {
        constexpr double kMostATieAdds = 2.01 * kTieKm / kEarthRadiusKm;
        return next.squared_chord <= nearest.squared_chord + kMostATieAdds;
    }

    // The farthest that ties with the nearest, as a squared chord.
    static double reach_of(double nearest) {
        // Rounding may put the limit of antipodes under the nearest itself.
        return std::max(squared_chord(arc_km(nearest) + kTieKm), nearest);
    }

    std::span<RegionIndex> rivals() { return {rivals_.data(), rival_count_}; }
    auto region_at() {
        return [this](RegionIndex position) { return sorted_[position].region; };
    }

    // The rivals are a heap, the first in the order of the policy on top.
    void add_rival(std::size_t position) {
        rivals_[rival_count_++] = static_cast<RegionIndex>(position);
        std::ranges::push_heap(rivals(), std::greater(), region_at());
    }
    Taken take_first_rival() {
        const bool tied = rival_count_ > 1;
        std::ranges::pop_heap(rivals(), std::greater(), region_at());
        Candidate& first = sorted_[rivals_[--rival_count_]];
        const Taken taken{first.region, first.squared_chord, tied};
        first.region = kTaken;
        while (nearest_left_ < reached_ && sorted_[nearest_left_].region == kTaken) {
            ++nearest_left_;
        }
        return taken;
    }

    std::array<Candidate, kMaxRegions> sorted_;    // by distance, the first sorted_count_
    std::array<RegionIndex, kMaxRegions> rivals_;  // positions in `sorted_`
    std::size_t count_;
    std::size_t sorted_count_ = 0;
    std::size_t nearest_left_ = 0;
    std::size_t reached_ = 0;  // behind the last one that was a rival
    std::size_t rival_count_ = 0;
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
        const auto next = candidates.take_next();
        order.push_back({next.region, arc_km(next.squared_chord), next.tied});
    }
    return order;
}

void Ranker::rank(const std::optional<Coordinates>& place, std::span<RegionIndex> order) const {
    if (!place) {
        std::copy_n(default_order_.begin(), order.size(), order.begin());
        return;
    }
    Candidates candidates(sites_, *place);
    for (RegionIndex& region : order) {
        region = candidates.take_next().region;
    }
}

}  // namespace meridian::geo
