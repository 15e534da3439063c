// Applies the rules of the DNS to a zone that was read.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"
#include "zones/model/owner_index.h"
#include "zones/model/written_positions.h"

namespace meridian::zones {

/// Checks nameservers, aliases, delegations and wildcards: which records may stand under which
/// name. Expects at least one nameserver; RRsets may be empty where a record could not be read.
/// `index` is that of the zone's owners.
void check_names(const Zone& zone, const OwnerIndex& index, const WrittenPositions& positions,
                 Findings& findings);

/// Checks that policies can steer. Expects regions and policies that were read without an error.
void check_policies(const Zone& zone, Findings& findings);

/// Warns of services of the zone file that no name is steered to. Expects a zone without an error:
/// else a name that could not be read may be the one.
void warn_of_unused_services(const Zone& zone, Findings& findings);

/// Warns of services, and of policies that names are steered by, all of whose regions are drained.
void warn_of_drained_services(const Zone& zone, Findings& findings);

/// Warns of a TTL of steered addresses that is too short or too long to be useful.
void check_steered_ttl(std::uint32_t seconds, TextPosition at, const std::string& key,
                       Findings& findings);

}  // namespace meridian::zones
