// Checks that maintenance leaves every service a region.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"

namespace meridian::zones {

/// Reports windows that together, and with regions that are drained in their files, leave a
/// service, or names that are steered by a policy, without a region in a family: as a drain by
/// command that does so is refused. What is over at `now`, in unix seconds, counts for nothing, nor
/// does what has no active region anyway. Expects a zone without an error.
void check_maintenance(const Zone& zone, std::int64_t now, Findings& findings);

}  // namespace meridian::zones
