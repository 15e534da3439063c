// Writes a route map as octets, so that the next start reads it instead of making it.
//
// SPDX-License-Identifier: Apache-2.0
//
// The payload (copy_frame.h has the header around it):
//
//     exact ranks        number
//     rankings           array of region numbers: all lists, one behind the other
//     for IPv4, then IPv6:
//       root, words      an array each, as PrefixTable has them
//       split blocks     five arrays, as SplitBlocks has them
//
// A change of this form, or of the map that an atlas and a policy give, raises the version.
#include "meridian/geo/route_map_copy.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <utility>
#include <vector>

#include "geo/copies/copy_frame.h"
#include "geo/copies/prefix_table_copy.h"
#include "geo/copies/split_blocks_copy.h"
#include "geo/table/route_map_tables.h"
#include "meridian/assert.h"
#include "meridian/octet_hash.h"

namespace meridian::geo {
namespace {

constexpr std::uint32_t kRouteMapKind = 2;
constexpr std::uint32_t kRouteMapVersion = 4;

/// Whether each list has all regions of the policy once. The first one is the default order.
bool are_possible(const Rankings& rankings, const Policy& policy) {
    std::vector<std::size_t> last_list_with(policy.regions.size());
    for (std::size_t number = 0; number < rankings.size(); ++number) {
        for (const RegionIndex region : rankings[number]) {
            if (region >= last_list_with.size() || last_list_with[region] > number) {
                return false;
            }
            last_list_with[region] = number + 1;
        }
    }
    return std::ranges::equal(rankings[0], policy.default_order);
}

std::optional<Rankings> read_rankings(const Policy& policy, CopyReader& reader) {
    const std::size_t region_count = policy.regions.size();
    const std::uint64_t exact_ranks = reader.read_number();
    auto regions = reader.read_array<std::vector<RegionIndex>>();
    if (regions.empty() || regions.size() % region_count != 0) { return {}; }
    if (exact_ranks < 1 || exact_ranks > region_count) { return {}; }
    Rankings rankings(std::move(regions), region_count, static_cast<std::size_t>(exact_ranks));
    if (!are_possible(rankings, policy)) { return {}; }
    return rankings;
}

std::optional<RouteTable> read_table(Family family, const TableValues& values, CopyReader& reader) {
    auto table = PrefixTableCopier::read(family, values, reader);
    if (!table) { return {}; }
    auto split_blocks = SplitBlocksCopier::read(family, values, reader);
    if (!split_blocks) { return {}; }
    return RouteTable{*std::move(table), *std::move(split_blocks)};
}

}  // namespace

/// Writes and reads the private parts of a route map.
class RouteMapCopier {
public:
    static std::vector<std::uint8_t> write(const RouteMap& map, const Digest& key);
    static std::optional<RouteMap> read(CopyReader& reader, const Policy& policy);
};

std::vector<std::uint8_t> RouteMapCopier::write(const RouteMap& map, const Digest& key) {
    MERIDIAN_ASSERT(!map.is_joint());
    CopyWriter writer({kRouteMapKind, kRouteMapVersion, key}, map.memory_octets());
    writer.add_number(map.rankings().exact_ranks());
    writer.add_array(map.rankings().all());
    for (const RouteTable* table : {&map.tables_->v4, &map.tables_->v6}) {
        PrefixTableCopier::write(table->table, writer);
        SplitBlocksCopier::write(table->split_blocks, writer);
    }
    return std::move(writer).finish();
}

std::optional<RouteMap> RouteMapCopier::read(CopyReader& reader, const Policy& policy) {
    RouteMap map;
    auto rankings = read_rankings(policy, reader);
    if (!rankings) { return {}; }
    map.rankings_ = *std::move(rankings);
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
    for (const RegionIndex region : policy.default_order) {
        hash.add_number(region);
    }
    hash.add_number(policy.all_ranks ? 1 : 0);
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
