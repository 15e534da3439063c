// Decides from the addresses of a service on which rung each of its regions stands.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "meridian/zones/live_table.h"
#include "server/health/health_plan.h"
#include "server/health/overrides.h"

namespace meridian::server {

/// What is known of an address.
enum class AddressState : std::uint8_t {
    Up,       ///< Its checks pass, or there is no verdict yet.
    Pending,  ///< It came to a service that runs, and has not passed once.
    Down,
};

/// Of the targets of a plan.
using AddressStates = std::vector<AddressState>;

/// Appends the state of each region of the service. `by_hand` has one entry for each of them.
///
/// A region is up in a family when at least the share `min_up` of its addresses is. Pending
/// addresses get no clients and count in no share, while the service has another address of that
/// family up, in any region; else they count as up. An address that was drained or forced down by
/// hand counts in no share, either, and gets no clients while another address of the region and
/// the family is up. An address that is never checked is up.
///
/// A region that is drained stands on that rung where some address is up, and else is down by hand,
/// as one that is forced down is. A drain beats a force up, and a force down both.
void append_changes(const PlannedService& service, std::span<const HandState> by_hand,
                    const AddressStates& states, std::vector<zones::LiveChange>& changes);

}  // namespace meridian::server
