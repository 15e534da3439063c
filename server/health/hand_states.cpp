// Finds out what overrides make of the services of a plan.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/hand_states.h"

#include <algorithm>
#include <utility>

#include "meridian/zones/model/zone.h"

namespace meridian::server {
namespace {

/// Looked for first, since most services have nothing of it.
bool is_anything_set(const std::vector<Override>& overrides, const zones::ServiceInfo& info) {
    return std::ranges::any_of(info.regions, [&](const auto& region) {
        return region->is_drained || std::ranges::any_of(overrides, [&](const Override& entry) {
                   return matches(entry.target, info.name, *region);
               });
    });
}

}  // namespace

std::vector<HandState> hand_states_of(const std::vector<Override>& overrides,
                                      const PlannedService& service) {
    std::vector<HandState> states;
    states.reserve(service.regions.size());
    for (const PlannedRegion& region : service.regions) {
        states.push_back(hand_state_of(overrides, service.name, *region.region));
    }
    return states;
}

HandStates::HandStates(const HealthPlan& plan, const std::vector<Override>& overrides) {
    checked_.reserve(plan.services().size());
    for (const PlannedService& service : plan.services()) {
        checked_.push_back(hand_states_of(overrides, service));
    }
    for (const zones::ServiceInfo& info : plan.unchecked()) {
        if (!is_anything_set(overrides, info)) { continue; }
        PlannedService service = unchecked_service(info);
        std::vector<HandState> states = hand_states_of(overrides, service);
        unchecked_.push_back({std::move(service), std::move(states)});
    }
}

std::uint64_t taken_out(const HandState& state, std::size_t family) {
    if (state.is_drained || state.is_forced_down) { return ~std::uint64_t{0}; }
    return state.addresses.at(family).drained | state.addresses.at(family).forced_down;
}

}  // namespace meridian::server
