// Writes a route map as octets, for a start that need not make it again.
//
// SPDX-License-Identifier: Apache-2.0
//
// The payload (copy_frame.h has the header around it):
//
//     rankings           array of Ranking
//     for IPv4, then IPv6:
//       root, words      an array each, as PrefixTable has them
//       split blocks     five arrays, as SplitBlocks has them
//
// Raise the version with whatever changes these, or makes another map of an atlas and a policy.
#include "meridian/geo/route_map_copy.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <utility>
#include <vector>

#include "geo/copy_frame.h"
#include "geo/prefix_table_copy.h"
#include "geo/route_map_tables.h"
#include "geo/split_blocks_copy.h"
#include "meridian/assert.h"
#include "meridian/geo/octet_hash.h"

namespace meridian::geo {
namespace {

constexpr std::uint32_t kRouteMapKind = 2;
constexpr std::uint32_t kRouteMapVersion = 3;

bool is_possible(const Ranking& ranking, std::size_t region_count) {
    return ranking.count >= 1 && ranking.count <= ranking.regions.size() &&
           std::ranges::all_of(ranking.regions,
                               [&](RegionIndex region) { return region < region_count; });
}

std::optional<RouteTable> read_table(Family family, const TableValues& values, CopyReader& reader) {
    auto table = PrefixTableCopier::read(family, values, reader);
    if (!table) { return {}; }
    auto split_blocks = SplitBlocksCopier::read(family, values, reader);
    if (!split_blocks) { return {}; }
    return RouteTable{*std::move(table), *std::move(split_blocks)};
}

}  // namespace

/// Sees into a route map.
class RouteMapCopier {
public:
    static std::vector<std::uint8_t> write(const RouteMap& map, const Digest& key);
    static std::optional<RouteMap> read(CopyReader& reader, const Policy& policy);
};

std::vector<std::uint8_t> RouteMapCopier::write(const RouteMap& map, const Digest& key) {
    MERIDIAN_ASSERT(!map.is_joint());
    CopyWriter writer({kRouteMapKind, kRouteMapVersion, key}, map.memory_octets());
    writer.add_array(map.rankings());
    for (const RouteTable* table : {&map.tables_->v4, &map.tables_->v6}) {
        PrefixTableCopier::write(table->table, writer);
        SplitBlocksCopier::write(table->split_blocks, writer);
    }
    return std::move(writer).finish();
}

std::optional<RouteMap> RouteMapCopier::read(CopyReader& reader, const Policy& policy) {
    RouteMap map;
    map.rankings_ = reader.read_array<std::vector<Ranking>>();
    const bool are_possible = std::ranges::all_of(map.rankings_, [&](const Ranking& ranking) {
        return is_possible(ranking, policy.regions.size());
    });
    if (map.rankings_.empty() || !are_possible) { return {}; }
    const auto count =
        static_cast<std::uint32_t>(std::min(map.rankings_.size(), std::size_t{kMaxRankings}));
    const TableValues values{.count = count, .others_from = kEmbedsV4};
    auto v4 = read_table(Family::V4, values, reader);
    auto v6 = v4 ? read_table(Family::V6, values, reader) : std::nullopt;
    if (!v6 || !reader.finish()) { return {}; }
    map.tables_ =
        std::make_shared<const RouteMap::Tables>(RouteMap::Tables{*std::move(v4), *std::move(v6)});
    return map;
}

Digest route_map_key(const Digest& atlas_key, const Policy& policy) {
    OctetHash hash;
    hash.add_number(atlas_key.high);
    hash.add_number(atlas_key.low);
    hash.add_number(policy.regions.size());
    for (const Coordinates& at : policy.regions) {
        hash.add_number(std::bit_cast<std::uint64_t>(at.latitude));
        hash.add_number(std::bit_cast<std::uint64_t>(at.longitude));
    }
    hash.add(policy.default_order);
    return hash.digest();
}

std::vector<std::uint8_t> write_route_map_copy(const RouteMap& map, const Digest& key) {
    return RouteMapCopier::write(map, key);
}

Result<RouteMap, CopyFailure> read_route_map_copy(CopySource source, const Digest& key,
                                                  const Policy& policy) {
    auto reader = CopyReader::open(std::move(source), {kRouteMapKind, kRouteMapVersion, key});
    if (!reader) { return Failure{reader.error()}; }
    auto map = RouteMapCopier::read(*reader, policy);
    if (!map) { return Failure{damaged_copy()}; }
    return *std::move(map);
}

}  // namespace meridian::geo
