// Decides from the addresses of a service on which rung each of its regions stands.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
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
struct AddressStates {
    std::vector<AddressState> of_targets;
    /// By family: this server has no way to it, so that a region stands there as in its other one.
    std::array<bool, 2> is_out_of_reach{};

    [[nodiscard]] AddressState of(std::uint32_t target) const {
        return target == kUnchecked ? AddressState::Up : of_targets[target];
    }
};

/// A service that another one depends on, and the states of its regions.
struct Dependency {
    const PlannedService* service = nullptr;
    std::span<const zones::LiveChange> states;
};

/// The states of each service of a plan, in its order.
using DecidedServices = std::vector<std::vector<zones::LiveChange>>;

/// What the service depends on. Expects that it stands before it in `services`, decided.
std::vector<Dependency> dependencies_of(const PlannedService& service,
                                        std::span<const PlannedService> services,
                                        const DecidedServices& decided);

/// Whether it is down there: in all families that it has in the region, or since it is drained.
/// Where it stands there, in the better of the families that it has in the region; up where it
/// lacks the region.
zones::Rung rung_at(const Dependency& dependency, const zones::Region& region);

/// Appends the state of each region of the service. `by_hand` has one entry for each of them.
///
/// A region is up in a family when at least the share `min_up` of its addresses is. Pending
/// addresses get no clients and count in no share, while the service has another address of that
/// family up, in any region; else they count as up. An address that was drained or forced down by
/// hand counts in no share, either, and gets no clients while another address of the region and
/// the family is up. An address that is never checked is up.
///
/// Where something else is checked instead (`probe`), that counts for all addresses of the region
/// alike, in both families: none of them is down while one of its probes is up. In a family that is
/// out of this server's reach, a region is no better than in its other family, and else as if all
/// of its addresses were up; a region without another one keeps what was known of it.
///
/// A region that is drained stands on that rung where some address is up, and else is down by hand,
/// as one that is forced down is. A drain beats a force up, and a force down both.
///
/// A region is down where a service of `depends` is, unless it is forced up, but before those that
/// are down themselves; where that is drained or waits for its release it stands on the same rung,
/// since all that it needs works there. With families together it
/// stands in both on the worse rung of the two; but a family that is up in no region takes the
/// other one along nowhere.
void append_changes(const PlannedService& service, std::span<const HandState> by_hand,
                    std::span<const Dependency> depends, const AddressStates& states,
                    std::vector<zones::LiveChange>& changes);

/// Lets the regions of a service count as up that are down or below their minimum, in a family in
/// which fewer than `min_regions` are up, but one at least: all clients would go to these. What was
/// taken out by hand, waits for a release or is pending stays out. `changes` are its states.
void panic_where_few_are_up(const PlannedService& service, std::span<const HandState> by_hand,
                            const AddressStates& states, std::span<zones::LiveChange> changes);

}  // namespace meridian::server
