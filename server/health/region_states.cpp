// Decides from the addresses of a service on which rung each of its regions stands.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/region_states.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "meridian/zones/model/zone.h"

namespace meridian::server {
namespace {

bool has_living_address(const PlannedService& service, std::size_t family,
                        const AddressStates& states) {
    return std::ranges::any_of(service.regions, [&](const PlannedRegion& region) {
        return std::ranges::any_of(region.targets[family], [&](std::uint32_t target) {
            return states[target] == AddressState::Up;
        });
    });
}

/// Sets the state of a region in one family.
void set_family(zones::LiveChange& change, const PlannedRegion& region, std::size_t family,
                double min_up, bool pending_is_up, const AddressStates& states) {
    std::uint64_t up = 0;
    std::size_t up_count = 0;
    std::size_t count = 0;  // of those that are not pending
    for (std::size_t i = 0; i < region.targets[family].size(); ++i) {
        const AddressState state = states[region.targets[family][i]];
        const bool is_pending = state == AddressState::Pending && !pending_is_up;
        if (is_pending) { continue; }
        ++count;
        if (state == AddressState::Down) { continue; }
        ++up_count;
        up |= std::uint64_t{1} << i;
    }
    change.up_addresses[family] = up;
    const bool is_enough = static_cast<double>(up_count) >= min_up * static_cast<double>(count);
    change.rungs[family] = up == 0     ? zones::Rung::Down
                           : is_enough ? zones::Rung::Up
                                       : zones::Rung::BelowMinimum;
    if (region.region->is_drained) {
        change.rungs[family] = up == 0 ? zones::Rung::DownByHand : zones::Rung::Drained;
    }
}

}  // namespace

void append_changes(const PlannedService& service, const AddressStates& states,
                    std::vector<zones::LiveChange>& changes) {
    const std::array<bool, 2> has_living{has_living_address(service, 0, states),
                                         has_living_address(service, 1, states)};
    for (const PlannedRegion& region : service.regions) {
        zones::LiveChange change{.cell = region.cell};
        for (std::size_t family = 0; family < 2; ++family) {
            set_family(change, region, family, service.health->min_up, !has_living[family], states);
        }
        changes.push_back(change);
    }
}

}  // namespace meridian::server
