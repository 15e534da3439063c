// Decides from the addresses of a service on which rung each of its regions stands.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/region_states.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "meridian/assert.h"
#include "meridian/zones/model/zone.h"

namespace meridian::server {
namespace {

using zones::Rung;

AddressState state_of(std::uint32_t target, const AddressStates& states) {
    return target == kUnchecked ? AddressState::Up : states[target];
}

bool has_living_address(const PlannedService& service, std::size_t family,
                        const AddressStates& states) {
    return std::ranges::any_of(service.regions, [&](const PlannedRegion& region) {
        return std::ranges::any_of(region.targets[family], [&](std::uint32_t target) {
            return state_of(target, states) == AddressState::Up;
        });
    });
}

/// The addresses of a region in one family, bits as in a LiveChange.
struct Counted {
    std::uint64_t up = 0;       ///< Of those that are not taken out by hand.
    std::uint64_t drained = 0;  ///< Those that are up, but drained.
    std::size_t up_count = 0;
    std::size_t count = 0;  ///< Of those that are neither pending nor taken out.
    bool has_taken_out = false;
};

Counted count_addresses(const PlannedRegion& region, std::size_t family, const HandState& hand,
                        bool pending_is_up, const AddressStates& states) {
    const HandState::Addresses& one_by_one = hand.addresses[family];
    Counted counted;
    for (std::size_t i = 0; i < region.targets[family].size(); ++i) {
        const std::uint64_t bit = std::uint64_t{1} << i;
        const AddressState state = state_of(region.targets[family][i], states);
        const bool is_forced = hand.is_forced_up || (one_by_one.forced_up & bit) != 0;
        if (state == AddressState::Pending && !pending_is_up && !is_forced) { continue; }
        const bool is_up = is_forced || state != AddressState::Down;
        if (((one_by_one.drained | one_by_one.forced_down) & bit) != 0) {
            counted.has_taken_out = true;
            if (is_up && (one_by_one.forced_down & bit) == 0) { counted.drained |= bit; }
            continue;
        }
        ++counted.count;
        if (!is_up) { continue; }
        ++counted.up_count;
        counted.up |= bit;
    }
    return counted;
}

/// Sets the state of a region in one family.
void set_family(zones::LiveChange& change, const Counted& counted, std::size_t family,
                double min_up, const HandState& hand) {
    const auto enough = min_up * static_cast<double>(counted.count);
    std::uint64_t& up = change.up_addresses[family];
    Rung& rung = change.rungs[family];
    up = counted.up != 0 ? counted.up : counted.drained;
    if (up == 0) {
        rung = counted.has_taken_out && counted.count == 0 ? Rung::DownByHand : Rung::Down;
    } else if (counted.up == 0) {
        rung = Rung::Drained;
    } else {
        rung = static_cast<double>(counted.up_count) >= enough ? Rung::Up : Rung::BelowMinimum;
    }
    if (hand.is_drained) { rung = up == 0 ? Rung::DownByHand : Rung::Drained; }
    if (hand.is_forced_down) { rung = Rung::DownByHand; }
}

}  // namespace

void append_changes(const PlannedService& service, std::span<const HandState> by_hand,
                    const AddressStates& states, std::vector<zones::LiveChange>& changes) {
    MERIDIAN_ASSERT(by_hand.size() == service.regions.size());
    const std::array<bool, 2> has_living{has_living_address(service, 0, states),
                                         has_living_address(service, 1, states)};
    const double min_up = service.health == nullptr ? 0 : service.health->min_up;
    for (std::size_t i = 0; i < service.regions.size(); ++i) {
        const PlannedRegion& region = service.regions[i];
        zones::LiveChange change{.cell = region.cell};
        for (std::size_t family = 0; family < 2; ++family) {
            const Counted counted =
                count_addresses(region, family, by_hand[i], !has_living[family], states);
            set_family(change, counted, family, min_up, by_hand[i]);
        }
        changes.push_back(change);
    }
}

}  // namespace meridian::server
