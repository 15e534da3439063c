// Holds everything that answering needs, immutable, replaced whole.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/geo/ranking.h"
#include "meridian/geo/route_map.h"

namespace meridian::zones {

/// What a snapshot serves, for the line at start and for status.
struct SnapshotInfo {
    std::uint64_t generation = 0;
    std::size_t zone_count = 0;
    std::size_t name_count = 0;    ///< Owners with records or steering; empty non-terminals not.
    std::size_t region_count = 0;  ///< Those that several zones use count once.
    std::size_t policy_count = 0;  ///< Policies in use, those that zones share once.
    std::size_t table_octets = 0;  ///< Memory of these tables.
    std::size_t name_octets = 0;   ///< Memory of names and images.
};

/// A table that steers clients, and the policy that it was made from.
struct SteeringTable {
    geo::Policy policy;
    std::shared_ptr<const geo::RouteMap> routes;
};

struct SnapshotData;  // zones/snapshot/snapshot_data.h: how it is laid out

/// Immutable; any thread. Made by `compile`, read by `answer` and `explain`.
class Snapshot {
public:
    explicit Snapshot(std::unique_ptr<const SnapshotData> data);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    [[nodiscard]] SnapshotInfo info() const;
    [[nodiscard]] const geo::Atlas& atlas() const;
    /// Each once, in the order of the policies.
    [[nodiscard]] std::vector<SteeringTable> tables() const;
    [[nodiscard]] const SnapshotData& data() const { return *data_; }

private:
    std::unique_ptr<const SnapshotData> data_;
};

}  // namespace meridian::zones
