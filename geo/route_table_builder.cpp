// Builds the table of a route map from an atlas and a value for each of its locations.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/route_table_builder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "geo/block_votes.h"
#include "geo/id_index.h"
#include "geo/leaf_octets.h"
#include "geo/prefix_table_builder.h"
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

// Puts the blocks that stand alone over ranges of rankings; feeds a table, and the votes of what it
// splits.
class RangeStream {
public:
    // `of_unknown` is the value that a table has for kUnknown.
    RangeStream(Family family, std::uint16_t of_unknown, BlockVotes& votes,
                PrefixTableBuilder& table)
        : of_unknown_(of_unknown), votes_(votes), table_(table), blocks_(lone_blocks(family)) {}

    // Expects the ranges in address order, each where the last one ended.
    void add(AddressBits first, AddressBits last, std::uint16_t value) {
        while (!is_behind_ && next_ <= last) {  // or a block has covered it
            first = std::max(first, next_);
            const bool meets_block = block_ < blocks_.size() && blocks_[block_].first <= last;
            if (!meets_block) { return give(first, last, value); }
            const LoneBlock& block = blocks_[block_++];
            if (block.first > first) { give(first, block.first - 1, value); }
            flush();
            give(block.first, block.last, block.value);
            flush();
        }
    }
    void finish() { flush(); }

private:
    struct Run {
        AddressBits first = 0;
        AddressBits last = 0;
        std::uint16_t value = 0;
    };

    void give(AddressBits first, AddressBits last, std::uint16_t value) {
        for_each_prefix(first, last, [&](AddressBits start, std::uint8_t bits) {
            votes_.add(start, bits, value);
        });
        next_ = last + 1;
        is_behind_ = last == kLastAddress;
        // To the table, those of whom nothing is known are neighbours of those who are sent alike.
        if (value == kUnknown) { value = of_unknown_; }
        if (run_ && run_->value == value) {
            run_->last = last;
            return;
        }
        flush();
        run_ = Run{first, last, value};
    }
    // What the table gets, the votes have counted before: it asks for a block when it closes it.
    void flush() {
        if (run_) { table_.add(run_->first, run_->last, run_->value); }
        run_.reset();
    }

    std::uint16_t of_unknown_;
    BlockVotes& votes_;
    PrefixTableBuilder& table_;
    std::vector<LoneBlock> blocks_;
    std::size_t block_ = 0;
    std::optional<Run> run_;
    AddressBits next_ = 0;    // the first address that nothing was said of yet
    bool is_behind_ = false;  // all was said
};

// What was chosen for the split blocks of the table, in address order, until it asks.
class ChosenBlocks {
public:
    void add(AddressBits first, std::uint16_t value) { chosen_.push_back({first, value}); }
    // Some blocks are split by what counts alone: the table does not ask for those.
    std::uint16_t take(AddressBits first) {
        while (chosen_[next_].first != first) {
            ++next_;
            MERIDIAN_ASSERT(next_ < chosen_.size());
        }
        return chosen_[next_].value;
    }

private:
    struct Chosen {
        AddressBits first = 0;
        std::uint16_t value = 0;
    };
    std::vector<Chosen> chosen_;
    std::size_t next_ = 0;
};

// The lengths besides /24 and /56 whose blocks may be answered for by most of their addresses, in
// the order in which they are worth memory: whole octets, then halves of them, then the others,
// each from the shortest on. Longer blocks follow their first address: hardly anything splits them,
// and nobody sends them. Beyond /32 networks are cut at every fourth bit.
std::vector<std::uint8_t> other_lengths(Family family) {
    constexpr unsigned kEveryLengthUpTo = 32;
    const auto rank = [](std::uint8_t bits) { return bits % 8 == 0 ? 0 : bits % 4 == 0 ? 1 : 2; };
    std::vector<std::uint8_t> lengths;
    for (std::uint8_t bits = 1; bits < PrefixTable::block_bits(family); ++bits) {
        if (bits <= kEveryLengthUpTo || bits % 4 == 0) { lengths.push_back(bits); }
    }
    std::ranges::stable_sort(lengths, {}, rank);
    return lengths;
}

// Of a split block's weights those that count: unknown addresses abstain, and those of no place,
// unless there are no others.
std::span<const ValueWeight> voters(std::span<const ValueWeight> weights, std::uint16_t of_unknown,
                                    std::vector<ValueWeight>& kept) {
    const bool is_anybody_out = weights.back().value >= kUnknown;  // they ascend
    if (!is_anybody_out) { return weights; }
    const auto known =
        std::ranges::lower_bound(weights, kUnknown, {}, &ValueWeight::value) - weights.begin();
    if (known > 0) { return weights.first(static_cast<std::size_t>(known)); }
    kept.assign(weights.begin(), weights.end());
    if (kept[0].value == kUnknown) { kept[0].value = of_unknown; }
    return kept;
}

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

std::vector<std::uint16_t> votes_of(const Atlas& atlas, std::span<const std::uint16_t> values) {
    std::vector<std::uint16_t> votes(values.begin(), values.end());
    for (std::size_t location = 0; location < votes.size(); ++location) {
        if (!place_of(atlas.locations()[location])) { votes[location] = kUnknown; }
    }
    return votes;
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
        const bool is_chosen =
            region == chosen_region ? is_more(weight, chosen) : is_better(region, chosen_region);
        if (!is_chosen) { continue; }
        chosen = weight;
        chosen_region = region;
    }
    // There may be 255 regions and a million blocks of two each.
    for (const ValueWeight& weight : weights) {
        of_region_[region_of(weight.value)] = 0;
    }
    return chosen.value;
}

bool BlockChooser::have_one_region(std::uint16_t one, std::uint16_t other) const {
    return region_of(one) == region_of(other);
}

unsigned BlockChooser::region_of(std::uint16_t value) const {
    return is_of_no_place(value) ? unsigned{kMaxRegions} : rankings_[value].regions[0];
}

bool BlockChooser::is_better(unsigned region, unsigned chosen) const {
    const AddressBits addresses = of_region_[region];
    const AddressBits most = of_region_[chosen];
    return addresses > most || (addresses == most && region < chosen);
}

bool BlockChooser::is_more(const ValueWeight& one, const ValueWeight& other) {
    return one.addresses > other.addresses ||
           (one.addresses == other.addresses && one.order < other.order);
}

RouteTable build_route_table(Family family, const Atlas& atlas,
                             std::span<const std::uint16_t> votes, const RouteChoice& choice) {
    const std::uint8_t block_bits = PrefixTable::block_bits(family);
    ChosenBlocks of_table;
    std::vector<std::uint8_t> lengths;
    if (choice.have_one_region) { lengths = other_lengths(family); }
    SplitBlocksBuilder of_others(lengths);
    lengths.push_back(block_bits);
    std::vector<ValueWeight> kept;
    BlockVotes counted(std::move(lengths), [&](const SplitBlock& block) {
        const auto value = choice.choose(voters(block.weights, choice.of_unknown, kept));
        if (block.bits == block_bits) { return of_table.add(block.first, value); }
        const bool does_first_do = block.first_value == kUnknown
                                       ? value == choice.of_unknown
                                       : choice.have_one_region(block.first_value, value);
        if (!does_first_do) { of_others.add(block.first, block.bits, value); }
    });
    PrefixTableBuilder builder(family, [&](AddressBits first) { return of_table.take(first); });
    RangeStream stream(family, choice.of_unknown, counted, builder);
    LeafOctets leaves(atlas.leaf_octets(family));
    // Most leaves continue the range before them.
    AddressBits range_first = 0;
    AddressBits first = 0;
    std::uint16_t range_vote = 0;
    while (!leaves.at_end()) {
        const LeafOctets::Leaf leaf = leaves.next();
        MERIDIAN_ASSERT(leaf.prefix_bits <= width_bits(family));  // or this would never end
        const std::uint16_t vote = votes[leaf.location];
        if (vote != range_vote) {
            if (first != 0) { stream.add(range_first, first - 1, range_vote); }
            range_first = first;
            range_vote = vote;
        }
        first += span_of(leaf.prefix_bits) + 1;
    }
    MERIDIAN_ASSERT(first == 0);  // behind the last address
    stream.add(range_first, kLastAddress, range_vote);
    stream.finish();
    PrefixTable table = std::move(builder).build();
    const std::size_t octets_limit = table.memory_octets() * kMaxSplitBlocksPercent / 100;
    return {std::move(table), std::move(of_others).build(octets_limit)};
}

}  // namespace meridian::geo
