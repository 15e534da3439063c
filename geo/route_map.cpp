// Finds the ranking of regions for a client: an atlas and a policy, merged.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/route_map.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "geo/address_range.h"
#include "geo/prefix_table.h"
#include "geo/route_map_tables.h"
#include "meridian/assert.h"
#include "meridian/geo/identity.h"

namespace meridian::geo {
namespace {

// Ranks each location once; equal rankings share an id.
class RankingsOfLocations {
public:
    RankingsOfLocations(const Atlas& atlas, const Policy& policy, std::vector<Ranking>& rankings)
        : rankings_(rankings) {
        const Ranker ranker(policy);
        id_of(ranker.rank({}));  // the default ranking is number 0
        ids_.reserve(atlas.locations().size());
        for (const Location& location : atlas.locations()) {
            ids_.push_back(id_of(ranker.rank(place_of(location))));
        }
    }
    [[nodiscard]] RankingId operator[](LocationId location) const { return ids_[location]; }

private:
    RankingId id_of(const Ranking& ranking) {
        const auto [known, is_new] =
            numbers_.try_emplace(ranking, static_cast<RankingId>(rankings_.size()));
        if (is_new) {
            MERIDIAN_ASSERT(rankings_.size() < kAskResolver);
            rankings_.push_back(ranking);
        }
        return known->second;
    }

    std::vector<Ranking>& rankings_;
    std::map<Ranking, RankingId> numbers_;
    std::vector<RankingId> ids_;
};

// The blocks whose leaves stand alone: those of no place, and those that embed IPv4, where an
// address whose IPv4 part is not known tells nothing either.
std::vector<IpPrefix> blocks_of_no_place(Family family) {
    const auto placeless = placeless_blocks(family);
    std::vector<IpPrefix> blocks(placeless.begin(), placeless.end());
    if (family == Family::V6) {
        const auto embedding = embedding_blocks();
        blocks.insert(blocks.end(), embedding.begin(), embedding.end());
        std::ranges::sort(blocks);
    }
    return blocks;
}

// Joins equal neighbours of the atlas, puts the blocks of no place over them, and feeds a table.
class LeafStream {
    auto taker() {
        return [this](AddressBits first, std::uint8_t bits, std::uint32_t value) {
            table_.add(first, {value, bits});
        };
    }

public:
    LeafStream(Family family, PrefixTableBuilder& table)
        : table_(table), blocks_(blocks_of_no_place(family)) {}

    // Expects the parts in address order. Two prefixes are apart or one holds the other.
    void add(const IpPrefix& part, std::uint32_t value) {
        AddressBits first = bits_of(part.address);
        const AddressBits last = last_of(part);
        if (blocked_until_ && last <= *blocked_until_) { return; }
        for (; next_block_ < blocks_.size(); ++next_block_) {
            const IpPrefix& block = blocks_[next_block_];
            const AddressBits block_first = bits_of(block.address);
            if (block_first > last) { break; }
            if (block_first > first) { append(first, block_first - 1, value); }
            runs_.flush(taker());
            table_.add(block_first, {kAskResolver, block.bits});
            blocked_until_ = last_of(block);
            if (*blocked_until_ >= last) {
                ++next_block_;
                return;
            }
            first = *blocked_until_ + 1;
        }
        append(first, last, value);
    }
    void finish() { runs_.flush(taker()); }

private:
    void append(AddressBits first, AddressBits last, std::uint32_t value) {
        runs_.append(first, last, value, taker());
    }
    PrefixTableBuilder& table_;
    std::vector<IpPrefix> blocks_;
    std::size_t next_block_ = 0;
    std::optional<AddressBits> blocked_until_;
    RunMerger runs_;
};

// The region with most addresses of a split block answers for it, by the ranking that has most of
// them. Clients of no place count as a region of their own. Ties: by the order of the policy, then
// by address.
std::uint32_t choose_block_value(std::span<const ValueWeight> weights,
                                 std::span<const Ranking> rankings) {
    const auto region_of = [&](std::uint32_t value) {
        return value == kAskResolver ? unsigned{kMaxRegions} : rankings[value].regions[0];
    };
    std::array<AddressBits, kMaxRegions + 1> of_region{};
    for (const ValueWeight& weight : weights) {
        of_region[region_of(weight.value)] += weight.addresses;
    }
    const auto best = std::ranges::max_element(of_region);
    const auto best_region = static_cast<unsigned>(best - of_region.begin());
    ValueWeight chosen;
    for (const ValueWeight& weight : weights) {
        const bool is_better = weight.addresses > chosen.addresses;
        if (region_of(weight.value) == best_region && is_better) { chosen = weight; }
    }
    return chosen.value;
}

PrefixTable build_table(Family family, const Atlas& atlas, const RankingsOfLocations& ids,
                        std::span<const Ranking> rankings) {
    PrefixTableBuilder builder(family, [rankings](std::span<const ValueWeight> weights) {
        return choose_block_value(weights, rankings);
    });
    LeafStream stream(family, builder);
    Atlas::Cursor cursor(atlas, family);
    for (AtlasLeaf leaf; cursor.next(leaf);) {
        stream.add(leaf.prefix, ids[leaf.location]);
    }
    stream.finish();
    return std::move(builder).build();
}

}  // namespace

RouteMap::RouteMap() = default;

RouteMap::RouteMap(const Atlas& atlas, const Policy& policy) {
    const RankingsOfLocations ids(atlas, policy, rankings_);
    tables_ = std::make_unique<Tables>(Tables{build_table(Family::V4, atlas, ids, rankings_),
                                              build_table(Family::V6, atlas, ids, rankings_)});
}

RouteMap::RouteMap(RouteMap&&) noexcept = default;
RouteMap& RouteMap::operator=(RouteMap&&) noexcept = default;
RouteMap::~RouteMap() = default;

Route RouteMap::find(const IpAddress& client, std::uint8_t source_bits) const {
    const auto embedded = embedded_v4(client, source_bits);
    const IpAddress& address = embedded ? embedded->address : client;
    const PrefixTable& table = tables_->of(address.family());
    const TableLeaf leaf = table.find(address);
    std::uint32_t value = leaf.value();
    unsigned scope_bits = leaf.prefix_bits();
    if (embedded) {
        scope_bits += embedded->front_bits;
    } else if (scope_bits > source_bits) {
        scope_bits = source_bits;
        const bool is_block = source_bits == PrefixTable::block_bits(address.family());
        if (is_block) { value = table.block_value(address); }
    }
    Route route;
    route.scope_bits = static_cast<std::uint8_t>(scope_bits);
    route.ask_resolver = value == kAskResolver;
    route.ranking = route.ask_resolver ? 0 : value;
    return route;
}

std::size_t RouteMap::memory_octets() const {
    return tables_->v4.memory_octets() + tables_->v6.memory_octets() +
           rankings_.capacity() * sizeof(Ranking);
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
        const bool ask_resolver = leaf.value() == kAskResolver;
        leaves.push_back({.prefix = {address, leaf.prefix_bits()},
                          .ranking = ask_resolver ? 0 : leaf.value(),
                          .ask_resolver = ask_resolver});
        first += span_of(leaf.prefix_bits()) + 1;
    } while (first != 0);
    return leaves;
}

}  // namespace meridian::geo
