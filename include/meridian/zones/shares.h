// Counts which share of the address space each region of a service gets.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "meridian/ip_address.h"
#include "meridian/zones/live_table.h"
#include "meridian/zones/snapshot.h"

namespace meridian::zones {

/// From 0 to 1, of the addresses for which the region is named. Private, multicast and other space
/// without a place does not count.
struct RegionShare {
    std::string region;
    double before = 0;
    double after = 0;
    friend bool operator==(const RegionShare&, const RegionShare&) = default;
};

/// Of the service that the cell belongs to, with two live tables of the snapshot: each region that
/// answers with one of them, in the order of the policy. Goes through all leaves of its table, some
/// million, once.
std::vector<RegionShare> shares_of(const Snapshot& snapshot, std::uint32_t cell, Family family,
                                   const LiveTable& before, const LiveTable& after);

}  // namespace meridian::zones
