// Names the zones that are steered by services.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/zones/snapshot.h"

namespace meridian::zones {

/// The apexes of zones that use a service to which one of the cells of a live table belongs, at
/// most `limit`. Goes through all zones.
std::vector<dns::Name> zones_using(const Snapshot& snapshot, std::span<const std::uint32_t> cells,
                                   std::size_t limit);

}  // namespace meridian::zones
