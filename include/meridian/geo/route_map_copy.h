// Writes a route map as octets, so that the next start reads it instead of making it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "meridian/digest.h"
#include "meridian/geo/copies/copy_source.h"
#include "meridian/geo/ranking.h"
#include "meridian/geo/route_map.h"
#include "meridian/result.h"

namespace meridian::geo {

/// The key of a policy's route map over the atlas whose copy has `atlas_key`.
Digest route_map_key(const Digest& atlas_key, const Policy& policy);

/// Writes `map` for `read_route_map_copy`. `key` comes from `route_map_key`.
std::vector<std::uint8_t> write_route_map_copy(const RouteMap& map, const Digest& key);

/// Reads what `write_route_map_copy` wrote for that policy.
///
/// Checks everything: whatever the octets are, the result is a map that answers for every address
/// with regions of the policy, or a failure.
Result<RouteMap, CopyFailure> read_route_map_copy(CopySource source, const Digest& key,
                                                  const Policy& policy);

}  // namespace meridian::geo
