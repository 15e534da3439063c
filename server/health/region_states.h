// Decides from the addresses of a service on which rung each of its regions stands.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "meridian/zones/live_table.h"
#include "server/health/health_plan.h"

namespace meridian::server {

/// What is known of an address.
enum class AddressState : std::uint8_t {
    Up,       ///< Its checks pass, or there is no verdict yet.
    Pending,  ///< It came to a service that runs, and has not passed once.
    Down,
};

/// Of the targets of a plan.
using AddressStates = std::vector<AddressState>;

/// Appends the state of each region of the service.
///
/// A region is up in a family when at least the share `min_up` of its addresses is. Pending
/// addresses get no clients and count in no share, while the service has another address of that
/// family up, in any region; else they count as up.
void append_changes(const PlannedService& service, const AddressStates& states,
                    std::vector<zones::LiveChange>& changes);

}  // namespace meridian::server
