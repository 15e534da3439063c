// Says which families the names of a service have.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "meridian/ip_address.h"
#include "meridian/zones/model/zone.h"

namespace meridian::zones {

/// Whether there are addresses of the family.
bool has_family(const std::vector<IpAddress>& addresses, Family family);

/// Whether names of the service have records of the family. The answer is the same for all clients
/// (DESIGN 2, rule 1).
bool service_has_family(const Zone& zone, const Service& service, Family family);

}  // namespace meridian::zones
