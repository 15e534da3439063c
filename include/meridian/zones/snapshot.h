// Holds all data that answering needs; immutable, replaced as a whole.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/geo/ranking.h"
#include "meridian/geo/route_map.h"

namespace meridian::zones {

struct Health;  // meridian/zones/model/health.h
struct Region;  // meridian/zones/model/zone.h

/// What a snapshot serves, for the log at start and for status.
struct SnapshotInfo {
    std::uint64_t generation = 0;
    std::size_t zone_count = 0;
    std::size_t name_count = 0;  ///< Owners with records or steering, without empty non-terminals.
    std::size_t region_count = 0;  ///< A region that several zones use counts once.
    std::size_t policy_count = 0;  ///< Policies in use; one that several zones share counts once.
    std::size_t table_octets = 0;  ///< Memory of their route maps.
    std::size_t name_octets = 0;   ///< Memory of names and images.
};

/// A route map in use, and the policy that it was made from.
struct ServedRouteMap {
    geo::Policy policy;
    std::shared_ptr<const geo::RouteMap> routes;
};

/// What all names answer that are steered by one service with one TTL.
struct ServiceInfo {
    std::string name;    ///< That of the policy where names are steered by the policy itself.
    std::string policy;  ///< Its name.
    std::uint32_t ttl_seconds = 0;
    std::uint32_t first_cell = 0;  ///< In a live table, of the first region; the others follow.
    /// As the service has them; one that is no part of it has no addresses. Bit i of a family in a
    /// live table is the i-th address of that family. Equal regions have one address.
    std::vector<std::shared_ptr<const Region>> regions;
    /// Answers while no region is any better than down; null: none. Its cell follows theirs.
    std::shared_ptr<const Region> last_resort;
    /// How the addresses are checked; null: never. Equal ones have one address.
    std::shared_ptr<const Health> health;
    std::uint16_t min_regions = 1;   ///< As in the policy.
    bool families_together = false;  ///< As in the service.
    /// By family: no answer has it, though some regions do (`missing_family = "omit"`).
    std::array<bool, 2> omits{};
    /// The services that it depends on, by their index among all; they come before it.
    std::vector<std::uint32_t> depends;
};

struct SnapshotData;  // zones/snapshot/snapshot_data.h

/// Immutable; any thread. Made by `compile`, read by `answer` and `explain`.
class Snapshot {
public:
    explicit Snapshot(std::unique_ptr<const SnapshotData> data);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    [[nodiscard]] std::uint64_t generation() const;
    [[nodiscard]] std::size_t zone_count() const;
    [[nodiscard]] std::size_t name_count() const;  ///< As in SnapshotInfo.
    /// Counts, so it takes a while with thousands of zones.
    [[nodiscard]] SnapshotInfo info() const;
    [[nodiscard]] const geo::Atlas& atlas() const;
    /// The route maps in use, each once, in the order of the policies.
    [[nodiscard]] std::vector<ServedRouteMap> route_maps() const;
    /// In the order of their cells.
    [[nodiscard]] std::vector<ServiceInfo> services() const;
    [[nodiscard]] const SnapshotData& data() const { return *data_; }

private:
    std::unique_ptr<const SnapshotData> data_;
};

}  // namespace meridian::zones
