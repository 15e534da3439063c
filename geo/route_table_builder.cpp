// Builds the table of a route map from an atlas and a value for each of its locations.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/route_table_builder.h"

#include <algorithm>
#include <utility>

#include "geo/id_index.h"
#include "geo/leaf_octets.h"
#include "geo/route_map_tables.h"
#include "meridian/assert.h"
#include "meridian/geo/identity.h"

namespace meridian::geo {
namespace {

std::uint32_t hash_of(const Ranking& ranking) {
    std::uint32_t hash = ranking.count;
    for (const RegionIndex region : ranking.regions) {
        hash = (hash << 8 | region) * 0x9e37'79b1U;
    }
    return hash ^ hash >> 15;
}

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

}  // namespace

std::vector<std::uint16_t> rank_locations(const Atlas& atlas, const Policy& policy,
                                          std::vector<Ranking>& rankings) {
    IdIndex numbers;
    const auto number_of = [&](const Ranking& ranking) {
        const auto next = static_cast<std::uint32_t>(rankings.size());
        const auto number =
            numbers.find_or_insert(hash_of(ranking), next,
                                   [&](std::uint32_t known) { return rankings[known] == ranking; });
        if (number == next) {
            MERIDIAN_ASSERT(next < kMaxRankings);
            rankings.push_back(ranking);
        }
        return static_cast<std::uint16_t>(number);
    };
    const Ranker ranker(policy);
    number_of(ranker.rank({}));
    std::vector<std::uint16_t> values;
    values.reserve(atlas.locations().size());
    for (const Location& location : atlas.locations()) {
        values.push_back(number_of(ranker.rank(place_of(location))));
    }
    return values;
}

std::uint16_t BlockChooser::operator()(std::span<const ValueWeight> weights) {
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

unsigned BlockChooser::region_of(std::uint16_t value) const {
    return is_of_no_place(value) ? unsigned{kMaxRegions} : rankings_[value].regions[0];
}

bool BlockChooser::is_better(unsigned region, unsigned chosen) const {
    const AddressBits addresses = of_region_[region];
    const AddressBits most = of_region_[chosen];
    return addresses > most || (addresses == most && region < chosen);
}

PrefixTable build_route_table(Family family, const Atlas& atlas,
                              std::span<const std::uint16_t> values, ChooseBlockValue choose) {
    PrefixTableBuilder builder(family, std::move(choose));
    RangeStream stream(family, builder);
    LeafOctets leaves(atlas.leaf_octets(family));
    // Most leaves continue the range before them.
    AddressBits range_first = 0;
    AddressBits first = 0;
    std::uint16_t range_value = 0;
    while (!leaves.at_end()) {
        const LeafOctets::Leaf leaf = leaves.next();
        MERIDIAN_ASSERT(leaf.prefix_bits <= width_bits(family));  // or this would never end
        const std::uint16_t value = values[leaf.location];
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

}  // namespace meridian::geo
