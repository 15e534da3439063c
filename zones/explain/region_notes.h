// Says of each region of a client's ranking why it is passed over, or answers all the same.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "meridian/geo/ranking.h"
#include "meridian/zones/live_table.h"
#include "zones/explain/steered_client.h"

namespace meridian::zones {

/// What is asked of the service, and which rung answers.
struct AskedFamily {
    std::size_t family = 0;  ///< A service of CNAMEs has these in the place of IPv4.
    bool is_served = false;  ///< The name has records of the type that was asked for.
    Rung answering = Rung::None;
};

/// Why a region is passed over, or why it answers without being up; empty where it is up.
std::string note_of(const SteeredClient& client, geo::RegionIndex index, const AskedFamily& asked);

/// Those of its addresses that do not stand on its rung.
std::vector<std::string> left_out_of(const SteeredClient& client, geo::RegionIndex index,
                                     std::size_t family);

}  // namespace meridian::zones
