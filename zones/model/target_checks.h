// Checks where the records of a zone point to.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"
#include "zones/model/name_finder.h"
#include "zones/model/written_positions.h"

namespace meridian::zones {

/// Checks that resolvers find addresses of the zone's own nameservers: an error where there is
/// none, as in BIND; a warning where the zone of a delegation may have it.
void check_nameservers(const Zone& zone, const WrittenPositions& positions, NameFinder& finder,
                       Findings& findings);

/// Warns of delegations without glue, of MX and SRV whose target is missing, has no address or is
/// an alias (RFC 2181 §10.3), and of aliases that lead to nothing or round in a circle. Expects a
/// zone without errors, since targets may be missing because of one.
void check_targets(const Zone& zone, const WrittenPositions& positions, NameFinder& finder,
                   Findings& findings);

}  // namespace meridian::zones
