// Finds out what overrides make of the services of a plan.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "server/health/health_plan.h"
#include "server/health/overrides.h"

namespace meridian::server {

/// A service with what was set by hand for each of its regions.
struct HandledService {
    PlannedService service;
    std::vector<HandState> by_hand;
};

/// What was set by hand for each region, in the order of the service.
std::vector<HandState> hand_states_of(const std::vector<Override>& overrides,
                                      const PlannedService& service);

/// Immutable; any thread.
class HandStates {
public:
    HandStates() = default;
    HandStates(const HealthPlan& plan, const std::vector<Override>& overrides);

    /// Of the regions of a service of the plan.
    [[nodiscard]] std::span<const HandState> of(std::uint32_t service) const {
        return checked_[service];
    }
    /// Of the services that are never checked, those with a region for which something is set: by
    /// an override or in its file. The others are as their live table has them at first.
    [[nodiscard]] const std::vector<HandledService>& unchecked() const { return unchecked_; }

private:
    std::vector<std::vector<HandState>> checked_;
    std::vector<HandledService> unchecked_;
};

/// The addresses of a family that get no clients while others are up, bits as in HandState.
std::uint64_t taken_out(const HandState& state, std::size_t family);

}  // namespace meridian::server
