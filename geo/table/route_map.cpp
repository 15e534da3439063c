// Finds the ranking of regions for a client: an atlas and a policy, merged.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/route_map.h"

#include <functional>

#include "geo/address_range.h"
#include "geo/table/ranking_classes.h"
#include "geo/table/route_map_tables.h"
#include "geo/table/route_table_builder.h"
#include "meridian/geo/special_addresses.h"

namespace meridian::geo {

RouteMap::RouteMap(const Atlas& atlas, const Policy& policy) {
    const RankingClasses classes(atlas, policy);
    std::vector<std::uint16_t> votes = classes.of_groups();
    votes[0] = kUnknown;
    std::vector<AddressBits> addresses(votes.size());
    const LocationVotes locations{classes.groups(), votes, addresses};
    BlockChooser chooser(classes.first_regions(), policy.regions.size());
    const RouteChoice choice{.of_unknown = 0,
                             .choose = std::ref(chooser),
                             .have_one_region = [&chooser](std::uint16_t one, std::uint16_t other) {
                                 return chooser.have_one_region(one, other);
                             }};
    const auto table_of = [&](Family family) {
        return build_route_table(family, atlas, locations, choice);
    };
    tables_ = std::make_shared<const Tables>(Tables{table_of(Family::V4), table_of(Family::V6)});
    rankings_ = classes.rankings(addresses);
}

std::uint16_t RouteMap::value_of(TableLeaf leaf) const {
    const std::uint16_t value = leaf.value();
    if (ranking_of_class_.empty()) [[likely]] { return value; }
    return is_of_no_place(value) ? value : ranking_of_class_[value];
}

Route RouteMap::find(const IpAddress& client, std::uint8_t source_bits) const {
    TableLeaf leaf =
        may_embed_v4(client) ? find_embedded(client, source_bits) : find_sent(client, source_bits);
    if (leaf.prefix_bits() > source_bits) [[unlikely]] {
        leaf = find_split(client, source_bits, leaf.value());
    }
    const std::uint16_t value = value_of(leaf);
    Route route;
    route.scope_bits = leaf.prefix_bits();
    route.ask_resolver = is_of_no_place(value);
    route.ranking = route.ask_resolver ? 0 : value;
    return route;
}

TableLeaf RouteMap::find_sent(const IpAddress& client, std::uint8_t source_bits) const {
    return tables_->of(client.family()).table.find_subnet(client, source_bits);
}

/// The leaf of a block in which addresses differ; `first_value` is that of its first address.
///
/// noinline: few clients send such a length. Without it, here and at `find_embedded`, a query with
/// ECS takes 13 instructions more (790), a static one 5.
[[gnu::noinline]] TableLeaf RouteMap::find_split(const IpAddress& block, std::uint8_t block_bits,
                                                 std::uint16_t first_value) const {
    const auto chosen = tables_->of(block.family()).split_blocks.find(block, block_bits);
    return {chosen.value_or(first_value), block_bits};
}

/// The leaf of the IPv4 address that an IPv6 address embeds, if it does; its length is that of the
/// IPv6 prefix.
///
/// noinline: few clients have such an address; the figures are those of `find_split`.
[[gnu::noinline]] TableLeaf RouteMap::find_embedded(const IpAddress& client,
                                                    std::uint8_t source_bits) const {
    const auto embedded = embedded_v4(client, source_bits);
    if (!embedded) { return find_sent(client, source_bits); }
    const TableLeaf leaf = tables_->v4.table.find(embedded->address);
    return {leaf.value(), unsigned{leaf.prefix_bits()} + embedded->front_bits};
}

std::size_t RouteMap::table_octets() const {
    return tables_->v4.memory_octets() + tables_->v6.memory_octets();
}

std::size_t RouteMap::memory_octets() const {
    return table_octets() + rankings_.memory_octets() +
           ranking_of_class_.capacity() * sizeof(std::uint16_t);
}

std::vector<std::uint8_t> RouteMap::majority_lengths(Family family) const {
    const auto others = tables_->of(family).split_blocks.lengths();
    std::vector<std::uint8_t> lengths(others.begin(), others.end());
    lengths.push_back(PrefixTable::block_bits(family));
    return lengths;
}

std::uint64_t RouteMap::leaf_count(Family family) const {
    return tables_->of(family).table.leaf_count();
}

std::vector<RouteMap::Leaf> RouteMap::leaves(Family family) const {
    const PrefixTable& table = tables_->of(family).table;
    std::vector<Leaf> leaves;
    leaves.reserve(table.leaf_count());
    AddressBits first = 0;
    do {
        const IpAddress address = address_of(family, first);
        const TableLeaf leaf = table.find(address);
        const std::uint16_t value = value_of(leaf);
        const bool ask_resolver = is_of_no_place(value);
        leaves.push_back({.prefix = {address, leaf.prefix_bits()},
                          .ranking = ask_resolver ? RankingId{0} : value,
                          .ask_resolver = ask_resolver});
        first += span_of(leaf.prefix_bits()) + 1;
    } while (first != 0);
    return leaves;
}

}  // namespace meridian::geo
