// Decides from the addresses of a service on which rung each of its regions stands.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/region_states.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "meridian/assert.h"
#include "meridian/zones/model/zone.h"
#include "server/health/hand_states.h"

namespace meridian::server {
namespace {

using zones::DownBy;
using zones::Rung;

/// Whether this server reaches the region over its other family alone.
bool follows_other(const PlannedRegion& region, std::size_t family, const AddressStates& states) {
    const std::size_t other = 1 - family;
    return states.is_out_of_reach.at(family) && !states.is_out_of_reach.at(other) &&
           !region.targets.at(family).empty() && !region.targets.at(other).empty();
}

/// Of the i-th address of a region in a family: its own, or that of the region's best probe.
AddressState state_of(const PlannedRegion& region, std::size_t family, std::size_t i,
                      const AddressStates& states) {
    if (follows_other(region, family, states)) { return AddressState::Up; }
    if (region.probes.empty()) { return states.of(region.targets[family][i]); }
    AddressState best = AddressState::Down;
    for (const std::uint32_t probe : region.probes) {
        best = std::min(best, states.of(probe));
    }
    return best;
}

bool has_living_address(const PlannedService& service, std::size_t family,
                        const AddressStates& states) {
    return std::ranges::any_of(service.regions, [&](const PlannedRegion& region) {
        for (std::size_t i = 0; i < region.targets[family].size(); ++i) {
            if (state_of(region, family, i, states) == AddressState::Up) { return true; }
        }
        return false;
    });
}

/// The addresses of a region in one family, bits as in a LiveChange.
struct Counted {
    std::uint64_t up = 0;       ///< Of those that are not taken out by hand.
    std::uint64_t drained = 0;  ///< Those that are up, but drained.
    std::size_t up_count = 0;
    std::size_t count = 0;  ///< Of those that are neither pending nor taken out.
    bool has_taken_out = false;
    bool has_forced_down = false;
};

/// The probes are what `min_up` is about, where there are any.
void count_probes(const PlannedRegion& region, const AddressStates& states, Counted& counted) {
    counted.count = 0;
    counted.up_count = 0;
    for (const std::uint32_t probe : region.probes) {
        const AddressState state = states.of(probe);
        if (state == AddressState::Pending) { continue; }
        ++counted.count;
        if (state == AddressState::Up) { ++counted.up_count; }
    }
}

Counted count_addresses(const PlannedRegion& region, std::size_t family, const HandState& hand,
                        bool pending_is_up, const AddressStates& states) {
    const HandState::Addresses& one_by_one = hand.addresses[family];
    Counted counted;
    for (std::size_t i = 0; i < region.targets[family].size(); ++i) {
        const std::uint64_t bit = std::uint64_t{1} << i;
        const AddressState state = state_of(region, family, i, states);
        const bool is_forced = hand.is_forced_up || (one_by_one.forced_up & bit) != 0;
        if (state == AddressState::Pending && !pending_is_up && !is_forced) { continue; }
        const bool is_up = is_forced || state != AddressState::Down;
        if (((one_by_one.drained | one_by_one.forced_down) & bit) != 0) {
            counted.has_taken_out = true;
            counted.has_forced_down |= (one_by_one.forced_down & bit) != 0;
            if (is_up && (one_by_one.forced_down & bit) == 0) { counted.drained |= bit; }
            continue;
        }
        ++counted.count;
        if (!is_up) { continue; }
        ++counted.up_count;
        counted.up |= bit;
    }
    const bool is_probed = !region.probes.empty() && counted.count > 0 && !hand.is_forced_up &&
                           !follows_other(region, family, states);
    if (is_probed) { count_probes(region, states, counted); }
    return counted;
}

/// Of a region that has no address to answer.
Rung down_rung(const Counted& counted) {
    if (!counted.has_taken_out || counted.count > 0) { return Rung::Down; }
    return counted.has_forced_down ? Rung::DownByHand : Rung::DrainedDown;
}

/// Sets the state of a region in one family.
void set_family(zones::LiveChange& change, const Counted& counted, std::size_t family,
                double min_up, const HandState& hand) {
    const auto enough = min_up * static_cast<double>(counted.count);
    std::uint64_t& up = change.up_addresses[family];
    Rung& rung = change.rungs[family];
    up = counted.up != 0 ? counted.up : counted.drained;
    if (up == 0) {
        rung = down_rung(counted);
    } else if (counted.up == 0) {
        rung = Rung::Drained;
    } else {
        rung = static_cast<double>(counted.up_count) >= enough ? Rung::Up : Rung::BelowMinimum;
    }
    if (hand.is_drained) { rung = up == 0 ? Rung::DrainedDown : Rung::Drained; }
    if (hand.is_forced_down) { rung = Rung::DownByHand; }
}

bool has_family(const PlannedService& service, std::size_t region, std::size_t family) {
    return !service.regions[region].targets[family].empty();
}

/// Where a region stands at best, for what its service depends on.
Rung best_rung(const PlannedRegion& region, const HandState& hand,
               std::span<const Dependency> depends) {
    Rung worst = Rung::Up;
    bool waits = false;
    for (const Dependency& dependency : depends) {
        const Rung rung = rung_at(dependency, *region.region);
        waits = waits || rung == Rung::Latched;
        worst = std::max(worst, rung);
    }
    // What is drained works: clients are better off there than where nothing does.
    if (worst == Rung::Drained) { return worst; }
    if (worst > Rung::Drained) { return hand.is_drained ? Rung::DrainedDown : Rung::LacksOther; }
    return waits ? Rung::Latched : Rung::Up;
}

void take_down_with_dependencies(const PlannedRegion& region, const HandState& hand,
                                 std::span<const Dependency> depends, zones::LiveChange& change) {
    if (hand.is_forced_up && !hand.is_drained) { return; }
    const Rung best = best_rung(region, hand, depends);
    for (std::size_t family = 0; family < change.rungs.size(); ++family) {
        if (change.rungs[family] >= best) { continue; }
        change.rungs[family] = best;
        change.down_by[family] = DownBy::Dependency;
    }
}

/// Lets a family that this server does not reach follow the region's other one, on the way down.
void follow_within_reach(const PlannedRegion& region, const AddressStates& states,
                         zones::LiveChange& change) {
    for (std::size_t family = 0; family < change.rungs.size(); ++family) {
        const std::size_t other = 1 - family;
        if (!follows_other(region, family, states)) { continue; }
        if (change.rungs[family] >= change.rungs[other]) { continue; }
        change.rungs[family] = change.rungs[other];
        change.down_by[family] = DownBy::OtherFamily;
    }
}

bool is_up_somewhere(const PlannedService& service, std::span<const zones::LiveChange> changes,
                     std::size_t family) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (has_family(service, i, family) && changes[i].rungs[family] == Rung::Up) { return true; }
    }
    return false;
}

void move_families_together(const PlannedService& service, std::span<zones::LiveChange> changes) {
    const std::array<bool, 2> may_lead{is_up_somewhere(service, changes, 0),
                                       is_up_somewhere(service, changes, 1)};
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (!has_family(service, i, 0) || !has_family(service, i, 1)) { continue; }
        const std::array<Rung, 2> own = changes[i].rungs;
        for (std::size_t family = 0; family < own.size(); ++family) {
            const std::size_t other = 1 - family;
            if (!may_lead[other] || own[other] <= own[family]) { continue; }
            changes[i].rungs[family] = own[other];
            changes[i].down_by[family] = DownBy::OtherFamily;
        }
    }
}

/// The addresses of a region that count as up with it, bits as in a LiveChange: those that are up,
/// or else all that are neither pending nor taken out by hand.
std::uint64_t addresses_in_panic(const PlannedRegion& region, std::size_t family,
                                 const HandState& hand, const AddressStates& states,
                                 std::uint64_t up) {
    const std::uint64_t out = taken_out(hand, family);
    if ((up & ~out) != 0) { return up & ~out; }
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < region.targets[family].size(); ++i) {
        if (state_of(region, family, i, states) == AddressState::Pending) { continue; }
        all |= std::uint64_t{1} << i;
    }
    return all & ~out;
}

}  // namespace

std::vector<Dependency> dependencies_of(const PlannedService& service,
                                        std::span<const PlannedService> services,
                                        const DecidedServices& decided) {
    std::vector<Dependency> dependencies;
    for (const std::uint32_t other : service.depends) {
        dependencies.push_back({&services[other], decided[other]});
    }
    return dependencies;
}

Rung rung_at(const Dependency& dependency, const zones::Region& region) {
    const std::vector<PlannedRegion>& regions = dependency.service->regions;
    const auto there = std::ranges::find_if(
        regions, [&](const PlannedRegion& each) { return each.region->name == region.name; });
    if (there == regions.end()) { return Rung::Up; }
    const zones::LiveChange& state =
        dependency.states[static_cast<std::size_t>(there - regions.begin())];
    Rung best = Rung::None;
    for (std::size_t family = 0; family < state.rungs.size(); ++family) {
        if (!there->targets[family].empty()) { best = std::min(best, state.rungs[family]); }
    }
    return best;
}

void append_changes(const PlannedService& service, std::span<const HandState> by_hand,
                    std::span<const Dependency> depends, const AddressStates& states,
                    std::vector<zones::LiveChange>& changes) {
    MERIDIAN_ASSERT(by_hand.size() == service.regions.size());
    const std::array<bool, 2> has_living{has_living_address(service, 0, states),
                                         has_living_address(service, 1, states)};
    const double min_up = service.health == nullptr ? 0 : service.health->min_up;
    const std::size_t first = changes.size();
    for (std::size_t i = 0; i < service.regions.size(); ++i) {
        const PlannedRegion& region = service.regions[i];
        zones::LiveChange change{.cell = region.cell};
        for (std::size_t family = 0; family < 2; ++family) {
            const Counted counted =
                count_addresses(region, family, by_hand[i], !has_living[family], states);
            set_family(change, counted, family, min_up, by_hand[i]);
        }
        follow_within_reach(region, states, change);
        take_down_with_dependencies(region, by_hand[i], depends, change);
        changes.push_back(change);
    }
    if (service.families_together) {
        move_families_together(service, std::span(changes).subspan(first));
    }
}

void panic_where_few_are_up(const PlannedService& service, std::span<const HandState> by_hand,
                            const AddressStates& states, std::span<zones::LiveChange> changes) {
    for (std::size_t family = 0; family < 2; ++family) {
        std::size_t up_count = 0;
        for (std::size_t i = 0; i < changes.size(); ++i) {
            const bool is_up = changes[i].rungs[family] == Rung::Up;
            if (is_up && has_family(service, i, family)) { ++up_count; }
        }
        if (up_count == 0 || up_count >= service.min_regions) { continue; }
        for (std::size_t i = 0; i < changes.size(); ++i) {
            zones::LiveChange& change = changes[i];
            Rung& rung = change.rungs[family];
            const bool is_failing =
                rung == Rung::BelowMinimum || rung == Rung::LacksOther || rung == Rung::Down;
            if (!is_failing) { continue; }
            const std::uint64_t addresses = addresses_in_panic(
                service.regions[i], family, by_hand[i], states, change.up_addresses[family]);
            if (addresses == 0) { continue; }
            change.up_addresses[family] = addresses;
            change.in_panic[family] = true;
            rung = Rung::Up;
        }
    }
}

}  // namespace meridian::server
