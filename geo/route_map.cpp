// Finds the ranking of regions for a client: an atlas and a policy, merged.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/route_map.h"

#include <algorithm>
#include <array>
#include <utility>

#include "geo/address_range.h"
#include "geo/id_index.h"
#include "geo/leaf_octets.h"
#include "geo/prefix_table_builder.h"
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
    [[nodiscard]] std::uint16_t operator[](LocationId location) const { return ids_[location]; }

private:
    std::uint16_t id_of(const Ranking& ranking) {
        const auto next_id = static_cast<std::uint32_t>(rankings_.size());
        const auto id = numbers_.find_or_insert(hash_of(ranking), next_id, [&](RankingId known) {
            return rankings_[known] == ranking;
        });
        if (id == next_id) {
            MERIDIAN_ASSERT(next_id < kMaxRankings);
            rankings_.push_back(ranking);
        }
        return static_cast<std::uint16_t>(id);
    }
    static std::uint32_t hash_of(const Ranking& ranking) {
        std::uint32_t hash = ranking.count;
        for (const RegionIndex region : ranking.regions) {
            hash = (hash << 8 | region) * 0x9e37'79b1U;
        }
        return hash ^ hash >> 15;
    }

    std::vector<Ranking>& rankings_;
    IdIndex numbers_;
    std::vector<std::uint16_t> ids_;
};

// A block whose leaf stands alone.
struct LoneBlock {
    AddressBits first = 0;
    AddressBits last = 0;
    std::uint16_t value = 0;
};

// The blocks of no place, and those that embed IPv4, where an address whose IPv4 part is not known
// tells nothing either. In address order.
std::vector<LoneBlock> lone_blocks(Family family) {
    std::vector<LoneBlock> blocks;
    const auto add = [&blocks](std::span<const IpPrefix> prefixes, std::uint16_t value) {
        for (const IpPrefix& prefix : prefixes) {
            blocks.push_back({bits_of(prefix.address), last_of(prefix), value});
        }
    };
    add(placeless_blocks(family), kAskResolver);
    if (family == Family::V6) { add(embedding_blocks(), kEmbedsV4); }
    std::ranges::sort(blocks, {}, &LoneBlock::first);
    return blocks;
}

// Puts the blocks that stand alone over ranges of rankings, and feeds a table.
class RangeStream {
public:
    RangeStream(Family family, PrefixTableBuilder& table)
        : table_(table), blocks_(lone_blocks(family)) {}

    // Expects the ranges in address order, each where the last one ended.
    void add(AddressBits first, AddressBits last, std::uint16_t value) {
        while (!is_behind_ && next_ <= last) {  // or a block has covered it
            first = std::max(first, next_);
            const bool meets_block = block_ < blocks_.size() && blocks_[block_].first <= last;
            if (!meets_block) { return give(first, last, value); }
            const LoneBlock& block = blocks_[block_++];
            if (block.first > first) { give(first, block.first - 1, value); }
            give(block.first, block.last, block.value);
        }
    }

private:
    void give(AddressBits first, AddressBits last, std::uint16_t value) {
        table_.add(first, last, value);
        next_ = last + 1;
        is_behind_ = last == kLastAddress;
    }

    PrefixTableBuilder& table_;
    std::vector<LoneBlock> blocks_;
    std::size_t block_ = 0;
    AddressBits next_ = 0;    // the first address that the table has not yet
    bool is_behind_ = false;  // it has them all
};

// The region with most addresses of a split block answers for it, by the ranking that has most of
// them. Clients of no place count as a region of their own. Ties: by the order of the policy, then
// by address.
class BlockChooser {
public:
    explicit BlockChooser(std::span<const Ranking> rankings) : rankings_(rankings) {}

    std::uint16_t operator()(std::span<const ValueWeight> weights) {
        if (weights.size() == 1) { return weights[0].value; }
        for (const ValueWeight& weight : weights) {
            of_region_[region_of(weight.value)] += weight.addresses;
        }
        ValueWeight chosen;
        unsigned chosen_region = kMaxRegions + 1;
        for (const ValueWeight& weight : weights) {
            const unsigned region = region_of(weight.value);
            if (region == chosen_region) {
                if (weight.addresses > chosen.addresses) { chosen = weight; }
            } else if (is_better(region, chosen_region)) {
                chosen = weight;
                chosen_region = region;
            }
        }
        // There may be 255 regions and a million blocks of two each.
        for (const ValueWeight& weight : weights) {
            of_region_[region_of(weight.value)] = 0;
        }
        return chosen.value;
    }

private:
    [[nodiscard]] unsigned region_of(std::uint16_t value) const {
        return is_of_no_place(value) ? unsigned{kMaxRegions} : rankings_[value].regions[0];
    }
    [[nodiscard]] bool is_better(unsigned region, unsigned chosen) const {
        const AddressBits addresses = of_region_[region];
        const AddressBits most = of_region_[chosen];
        return addresses > most || (addresses == most && region < chosen);
    }

    std::span<const Ranking> rankings_;
    std::array<AddressBits, kMaxRegions + 2> of_region_{};  // the last: none yet
};

PrefixTable build_table(Family family, const Atlas& atlas, const RankingsOfLocations& ids,
                        std::span<const Ranking> rankings) {
    PrefixTableBuilder builder(family, BlockChooser(rankings));
    RangeStream stream(family, builder);
    LeafOctets leaves(atlas.leaf_octets(family));
    // Most leaves continue the range before them.
    AddressBits range_first = 0;
    AddressBits first = 0;
    std::uint16_t range_value = 0;
    while (!leaves.at_end()) {
        const LeafOctets::Leaf leaf = leaves.next();
        MERIDIAN_ASSERT(leaf.prefix_bits <= width_bits(family));  // or this would never end
        const std::uint16_t value = ids[leaf.location];
        if (value != range_value) {
            if (first != 0) { stream.add(range_first, first - 1, range_value); }
            range_first = first;
            range_value = value;
        }
        first += span_of(leaf.prefix_bits) + 1;
    }
    MERIDIAN_ASSERT(first == 0);  // behind the last address
    stream.add(range_first, kLastAddress, range_value);
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
    const bool is_block = !embedded && source_bits == PrefixTable::block_bits(address.family());
    const TableLeaf leaf = is_block ? table.find_block(address) : table.find(address);
    const unsigned scope_bits = embedded ? leaf.prefix_bits() + embedded->front_bits
                                         : std::min<unsigned>(leaf.prefix_bits(), source_bits);
    Route route;
    route.scope_bits = static_cast<std::uint8_t>(scope_bits);
    route.ask_resolver = is_of_no_place(leaf.value());
    route.ranking = route.ask_resolver ? 0 : leaf.value();
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
        const bool ask_resolver = is_of_no_place(leaf.value());
        leaves.push_back({.prefix = {address, leaf.prefix_bits()},
                          .ranking = ask_resolver ? RankingId{0} : leaf.value(),
                          .ask_resolver = ask_resolver});
        first += span_of(leaf.prefix_bits()) + 1;
    } while (first != 0);
    return leaves;
}

}  // namespace meridian::geo
