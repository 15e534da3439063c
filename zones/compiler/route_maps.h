// Decides which policies have a table of their own, and makes their route maps.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "meridian/geo/ranking.h"
#include "meridian/geo/route_map.h"
#include "meridian/zones/compiler.h"

namespace meridian::zones {

/// Makes the route map of each policy over `input.atlas`. Tables of their own have the shortest
/// scopes and cost 10 MB each over a database of cities: they are made until they hold
/// `input.own_table_octets`. Policies beyond that share one table between kMaxJointPolicies.
///
/// A policy for which `input.max_table_octets` leave no room has none (null).
///
/// Takes over from `input.previous` what it can, so that an edit of one policy makes one table anew
/// (DESIGN 6, decision 2). Expects no two policies to be equal.
std::vector<std::shared_ptr<const geo::RouteMap>> make_route_maps(
    const CompileInput& input, const std::vector<geo::Policy>& policies);

}  // namespace meridian::zones
