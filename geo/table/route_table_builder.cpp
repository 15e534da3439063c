// Builds the table of a route map from an atlas and a value for each of its locations.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/table/route_table_builder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "geo/leaf_octets.h"
#include "geo/table/block_votes.h"
#include "geo/table/prefix_table_builder.h"
#include "meridian/assert.h"
#include "meridian/geo/special_addresses.h"

namespace meridian::geo {
namespace {

// A block that is a leaf of its own, whatever its neighbours have.
struct LoneBlock {
    AddressBits first = 0;
    AddressBits last = 0;
    std::uint16_t value = 0;
};

// The blocks without a place and those that embed IPv4, in address order. In the latter an address
// of which the IPv4 part is not known has no place either.
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

// Overlays ranges of rankings with the blocks that are leaves of their own, and passes the result
// to a table and to the votes of the blocks that it splits.
class RangeStream {
public:
    // `of_unknown` is the value that a table has for kUnknown.
    RangeStream(Family family, std::uint16_t of_unknown, BlockVotes& votes,
                PrefixTableBuilder& table)
        : of_unknown_(of_unknown), votes_(votes), table_(table), blocks_(lone_blocks(family)) {}

    // Expects the ranges in address order and without gaps.
    void add(AddressBits first, AddressBits last, std::uint16_t value) {
        while (!is_behind_ && next_ <= last) {  // else a block has covered the range
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
        // In the table unknown addresses have the default ranking, and merge with neighbours that
        // have it.
        if (value == kUnknown) { value = of_unknown_; }
        if (run_ && run_->value == value) {
            run_->last = last;
            return;
        }
        flush();
        run_ = Run{first, last, value};
    }
    // The votes come before the table, which asks for the value of a block when it closes it.
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
    AddressBits next_ = 0;    // the first address that was not added yet
    bool is_behind_ = false;  // all addresses were added
};

// The values chosen for split blocks, in address order, until the table takes them.
class ChosenBlocks {
public:
    void add(AddressBits first, std::uint16_t value) { chosen_.push_back({first, value}); }
    // Some blocks are split for the votes and not for the table, which does not ask for those.
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

// The lengths besides /24 and /56 at which most addresses of a block may decide, in the order in
// which they are worth memory: whole octets, then half octets, then the others, each from the
// shortest on. Longer blocks follow their first address: databases hardly split them, and resolvers
// do not send them. Beyond /32 networks are cut at every fourth bit.
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

// The weights of a split block that count. Addresses that are unknown or have no place count only
// where there are no others.
std::span<const ValueWeight> voters(std::span<const ValueWeight> weights, std::uint16_t of_unknown,
                                    std::vector<ValueWeight>& kept) {
    const bool has_unknown = weights.back().value >= kUnknown;  // they ascend
    if (!has_unknown) { return weights; }
    const auto known =
        std::ranges::lower_bound(weights, kUnknown, {}, &ValueWeight::value) - weights.begin();
    if (known > 0) { return weights.first(static_cast<std::size_t>(known)); }
    kept.assign(weights.begin(), weights.end());
    if (kept[0].value == kUnknown) { kept[0].value = of_unknown; }
    return kept;
}

}  // namespace

std::uint16_t BlockChooser::operator()(std::span<const ValueWeight> weights) {
    if (weights.size() == 1) { return weights[0].value; }
    for (const ValueWeight& weight : weights) {
        of_region_[region_of(weight.value)] += weight.addresses;
    }
    ValueWeight chosen;
    std::size_t chosen_region = no_place_ + 1;
    for (const ValueWeight& weight : weights) {
        const std::size_t region = region_of(weight.value);
        const bool is_chosen =
            region == chosen_region ? is_more(weight, chosen) : is_better(region, chosen_region);
        if (!is_chosen) { continue; }
        chosen = weight;
        chosen_region = region;
    }
    // Resets only the regions that were used: there may be hundreds of regions, and a million
    // blocks with two each.
    for (const ValueWeight& weight : weights) {
        of_region_[region_of(weight.value)] = 0;
    }
    return chosen.value;
}

bool BlockChooser::have_one_region(std::uint16_t one, std::uint16_t other) const {
    return region_of(one) == region_of(other);
}

std::size_t BlockChooser::region_of(std::uint16_t value) const {
    return is_of_no_place(value) ? no_place_ : first_regions_[value];
}

bool BlockChooser::is_better(std::size_t region, std::size_t chosen) const {
    const AddressBits addresses = of_region_[region];
    const AddressBits most = of_region_[chosen];
    return addresses > most || (addresses == most && region < chosen);
}

bool BlockChooser::is_more(const ValueWeight& one, const ValueWeight& other) {
    return one.addresses > other.addresses ||
           (one.addresses == other.addresses && one.order < other.order);
}

RouteTable build_route_table(Family family, const Atlas& atlas, const LocationVotes& locations,
                             const RouteChoice& choice) {
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
        MERIDIAN_ASSERT(leaf.prefix_bits <= width_bits(family));  // else the loop would not end
        const std::uint32_t group = locations.groups[leaf.location];
        const std::uint16_t vote = locations.votes[group];
        if (vote != range_vote) {
            if (first != 0) { stream.add(range_first, first - 1, range_vote); }
            range_first = first;
            range_vote = vote;
        }
        const AddressBits span = span_of(leaf.prefix_bits);
        locations.addresses[group] += (span >> 2) + 1;
        first += span + 1;
    }
    MERIDIAN_ASSERT(first == 0);  // behind the last address
    stream.add(range_first, kLastAddress, range_vote);
    stream.finish();
    PrefixTable table = std::move(builder).build();
    const std::size_t octets_limit = table.memory_octets() * kMaxSplitBlocksPercent / 100;
    return {std::move(table), std::move(of_others).build(octets_limit)};
}

}  // namespace meridian::geo
