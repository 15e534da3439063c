// Compiles policies into a snapshot: who is steered by which of them, and to which images.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/geo/route_map.h"
#include "meridian/zones/compiler.h"
#include "meridian/zones/zone.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

class PolicyCompiler {
public:
    explicit PolicyCompiler(SnapshotData& data) : data_(data) {}

    /// From here on it is about the policies of `zone`, which stays until the next.
    void begin_zone(const Zone& zone);

    /// The steered set for a policy of the zone with a TTL, made when it is new: zones that share a
    /// policy share it as well.
    std::uint32_t steered_set(std::size_t policy_index, std::uint32_t ttl_seconds);

    /// Whether names of the policy have records of the family at all: never a matter of the client
    /// (DESIGN 2, rule 1).
    static bool has_family(const Zone& zone, const Policy& policy, Family family);

    /// Makes the route maps, now that all policies are known, and what depends on them. Policies
    /// whose tables find no room are errors, told of each zone that uses them.
    [[nodiscard]] Diagnostics finish(const CompileInput& input);

private:
    /// What makes two policies the same; regions by their number in the snapshot.
    using PolicyKey = std::tuple<std::string, std::vector<std::uint32_t>,
                                 std::vector<geo::RegionIndex>, std::uint16_t, bool>;
    std::uint32_t number_of(const Region& region);
    std::uint32_t table(std::size_t policy_index);
    struct User {
        const Zone* zone;
        std::size_t policy;
    };
    Diagnostics add_route_maps(const CompileInput& input);
    void add_variants(SteeredSet& set, const std::vector<Variant>& images);
    std::vector<Variant> region_images(const PolicyTable& table, std::uint32_t ttl_seconds);

    SnapshotData& data_;
    std::map<std::pair<std::string, std::string>, std::vector<std::uint32_t>> regions_;
    std::map<PolicyKey, std::uint32_t> tables_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> steered_sets_;
    std::vector<std::vector<User>> users_;             // of each table
    std::vector<std::vector<Variant>> region_images_;  // of each steered set
    const Zone* zone_ = nullptr;
    std::vector<std::uint32_t> zone_regions_;  // numbers in the snapshot
    std::vector<std::optional<std::uint32_t>> zone_tables_;
};

}  // namespace meridian::zones
