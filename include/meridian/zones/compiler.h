// Compiles zones and an atlas into a snapshot.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/geo/ranking.h"
#include "meridian/geo/route_map.h"
#include "meridian/limits.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/snapshot.h"
#include "meridian/zones/zone.h"

namespace meridian::zones {

struct CompileInput {
    std::vector<std::shared_ptr<const Zone>> zones;  ///< Distinct apexes.
    std::shared_ptr<const geo::Atlas> atlas;
    std::uint64_t generation = 0;
    /// Tables of policies that did not change are taken over from it; may be null.
    std::shared_ptr<const Snapshot> previous;
    /// Asked for the table of a policy over this atlas before one is made, in case it is kept
    /// somewhere. May be empty, and may give null.
    std::function<std::shared_ptr<const geo::RouteMap>(const geo::Policy&)> find_table;
    /// How much memory tables of single policies may take; others share (route_maps.h).
    std::size_t own_table_octets = kOwnTableOctets;
    /// How much all tables may take; policies beyond that are an error.
    std::size_t max_table_octets = kMaxTableOctets;
    /// What names are hashed with. None means a random one, which nobody can know who would like
    /// names to collide; benchmarks set it, so that they count the same every time.
    std::optional<std::uint64_t> hash_seed;
};

/// Builds everything that answering needs. Zones must have passed `read_zone`. What only shows
/// here (an RRset whose image exceeds a message, two zones of one name) comes back as errors.
Result<std::shared_ptr<const Snapshot>, Diagnostics> compile(const CompileInput& input);

/// Warns of what is legal and pointless, and shows only with all zones together: NS records whose
/// TTL differs between a zone and the one above it.
Diagnostics check_delegations(std::span<const std::shared_ptr<const Zone>> zones);

}  // namespace meridian::zones
