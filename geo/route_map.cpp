// Finds the ranking of regions for a client: an atlas and a policy, merged.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/route_map.h"

#include <algorithm>

#include "geo/address_range.h"
#include "geo/route_map_tables.h"
#include "geo/route_table_builder.h"
#include "meridian/geo/identity.h"

namespace meridian::geo {

RouteMap::RouteMap(const Atlas& atlas, const Policy& policy) {
    const std::vector<std::uint16_t> values = rank_locations(atlas, policy, rankings_);
    const auto table_of = [&](Family family) {
        return build_route_table(family, atlas, values, BlockChooser(rankings_));
    };
    tables_ = std::make_shared<const Tables>(Tables{table_of(Family::V4), table_of(Family::V6)});
}

std::uint16_t RouteMap::value_of(TableLeaf leaf) const {
    const std::uint16_t value = leaf.value();
    if (ranking_of_class_.empty()) [[likely]] { return value; }
    return is_of_no_place(value) ? value : ranking_of_class_[value];
}

Route RouteMap::find(const IpAddress& client, std::uint8_t source_bits) const {
    const TableLeaf leaf =
        may_embed_v4(client) ? find_embedded(client, source_bits) : find_sent(client, source_bits);
    const std::uint16_t value = value_of(leaf);
    Route route;
    route.scope_bits = std::min(leaf.prefix_bits(), source_bits);
    route.ask_resolver = is_of_no_place(value);
    route.ranking = route.ask_resolver ? 0 : value;
    return route;
}

TableLeaf RouteMap::find_sent(const IpAddress& client, std::uint8_t source_bits) const {
    return tables_->of(client.family()).find_subnet(client, source_bits);
}

// Apart, so that everybody else needs no room for another address. The leaf's length is as seen
// from IPv6.
[[gnu::noinline]] TableLeaf RouteMap::find_embedded(const IpAddress& client,
                                                    std::uint8_t source_bits) const {
    const auto embedded = embedded_v4(client, source_bits);
    if (!embedded) { return find_sent(client, source_bits); }
    const TableLeaf leaf = tables_->v4.find(embedded->address);
    return {leaf.value(), unsigned{leaf.prefix_bits()} + embedded->front_bits};
}

std::size_t RouteMap::table_octets() const {
    return tables_->v4.memory_octets() + tables_->v6.memory_octets();
}

std::size_t RouteMap::memory_octets() const {
    return table_octets() + rankings_.capacity() * sizeof(Ranking) +
           ranking_of_class_.capacity() * sizeof(std::uint16_t);
}

std::uint64_t RouteMap::leaf_count(Family family) const {
    return tables_->of(family).leaf_count();
}

std::vector<RouteMap::Leaf> RouteMap::leaves(Family family) const {
    const PrefixTable& table = tables_->of(family);
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
