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

/// Makes the route map of each policy over `input.atlas`. A table for one policy has the shortest
/// scopes and takes 10 MB over a database of cities; such tables are made up to
/// `input.own_table_octets`. Further policies share tables, up to kMaxJointPolicies each.
///
/// A policy for which `input.max_table_octets` has no room gets null.
///
/// Takes over tables from `input.previous` where it can, so that an edit of one policy makes one
/// new table (DESIGN 6, decision 2). Expects no two policies to be equal.
std::vector<std::shared_ptr<const geo::RouteMap>> make_route_maps(
    const SnapshotInput& input, const std::vector<geo::Policy>& policies);

}  // namespace meridian::zones
