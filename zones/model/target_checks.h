// Looks where the records of a zone point to.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"
#include "zones/model/name_finder.h"

namespace meridian::zones {

/// The zone's own nameservers need addresses that resolvers find: an error where there is none,
/// as in BIND, a warning where somebody else may have it.
void check_nameservers(const Zone& zone, NameFinder& finder, Findings& findings);

/// Delegations need glue. What else records point to should be there: MX and SRV want addresses,
/// no alias (RFC 2181 §10.3), aliases want an end. All are warnings. Expects a zone without errors,
/// else a target may be missing for one of them.
void check_targets(const Zone& zone, NameFinder& finder, Findings& findings);

}  // namespace meridian::zones
