// Builds the snapshots from which benchmarks answer.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/result.h"
#include "meridian/zones/snapshot.h"

namespace meridian::bench {

using AtlasPointer = std::shared_ptr<const geo::Atlas>;
using SnapshotPointer = std::shared_ptr<const zones::Snapshot>;

/// The zone in a file, as `meridian serve` would load it.
Result<SnapshotPointer, std::string> zone_file_snapshot(const std::string& path,
                                                        const AtlasPointer& atlas);

/// The zone many.example with `count` names of 30 octets on the wire, an A record each.
Result<SnapshotPointer, std::string> many_names_snapshot(std::size_t count,
                                                         const AtlasPointer& atlas);

/// The names of that zone, absolute, without the final dot.
std::vector<std::string> many_names(std::size_t count);

}  // namespace meridian::bench
