// Finds which zones of a server lie below which.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/zones/zone.h"

namespace meridian::zones {

/// Zones by apex, in lower case, as indices.
using ZonesByApex = std::map<dns::Name, std::uint16_t>;

std::vector<const Zone*> pointers_to(std::span<const std::shared_ptr<const Zone>> zones);

/// For each zone those below it, however far. Expects at most kMaxZones.
std::vector<ZonesByApex> zones_below(const std::vector<const Zone*>& zones);

}  // namespace meridian::zones
