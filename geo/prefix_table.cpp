// Finds the leaf of a partition of the address space that holds an address.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/prefix_table.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "meridian/assert.h"

namespace meridian::geo {
namespace {

constexpr unsigned kStrideBits = PrefixTable::kStrideBits;
constexpr unsigned kChildren = PrefixTable::kChildren;
constexpr std::uint32_t kIsLeaf = PrefixTable::kIsLeaf;

constexpr std::size_t block_level_of(Family family) {
    return PrefixTable::block_level(family);
}
static_assert(PrefixTable::root_bits(Family::V4) + kStrideBits * block_level_of(Family::V4) == 24);
static_assert(PrefixTable::root_bits(Family::V6) + kStrideBits * block_level_of(Family::V6) == 56);

std::size_t root_index(const IpAddress& address, unsigned root_bits) {
    return static_cast<std::size_t>(address.high() >> (64 - root_bits));
}

// The six bits behind the first `depth_bits`; those past the end of the address are zero.
unsigned child_index(const IpAddress& address, unsigned depth_bits) {
    if (depth_bits <= 58) {
        return static_cast<unsigned>(address.high() >> (58 - depth_bits)) % kChildren;
    }
    return static_cast<unsigned>(bits_of(address) >> (122 - depth_bits)) % kChildren;
}

// How many bits are set up to and including bit `last`, less one.
std::uint32_t rank_of(std::uint64_t bitmap, unsigned last) {
    const std::uint64_t up_to_last = (std::uint64_t{2} << last) - 1;
    return static_cast<std::uint32_t>(std::popcount(bitmap & up_to_last)) - 1;
}

}  // namespace

PrefixTable::PrefixTable(Family family)
    : family_(family),
      root_bits_(root_bits(family)),
      root_(std::size_t{1} << root_bits_, kIsLeaf) {}

TableLeaf PrefixTable::find(const IpAddress& address) const {
    std::uint32_t entry = root_[root_index(address, root_bits_)];
    if ((entry & kIsLeaf) != 0) { return TableLeaf::from_word(entry & ~kIsLeaf); }
    for (unsigned depth_bits = root_bits_;; depth_bits += kStrideBits) {
        const Node& node = nodes_[entry];
        const unsigned child = child_index(address, depth_bits);
        if (((node.children >> child) & 1) == 0) {
            return TableLeaf::from_word(
                leaves_[node.first_leaf + rank_of(node.leaf_starts, child)]);
        }
        entry = node.first_child + rank_of(node.children, child);
    }
}

std::uint32_t PrefixTable::block_value(const IpAddress& address) const {
    std::uint32_t entry = root_[root_index(address, root_bits_)];
    for (unsigned depth_bits = root_bits_; depth_bits < block_bits(family_);
         depth_bits += kStrideBits) {
        const Node& node = nodes_[entry];
        entry = node.first_child + rank_of(node.children, child_index(address, depth_bits));
    }
    return block_values_[entry - first_block_node_];
}

std::size_t PrefixTable::memory_octets() const {
    return (root_.capacity() + leaves_.capacity() + block_values_.capacity()) *
               sizeof(std::uint32_t) +
           nodes_.capacity() * sizeof(Node);
}

PrefixTableBuilder::PrefixTableBuilder(Family family, ChooseBlockValue choose)
    : table_(family), choose_(std::move(choose)), levels_(PrefixTable::level_count(family) + 1) {
    open_.reserve(levels_.size());
}

void PrefixTableBuilder::add(AddressBits first, TableLeaf leaf) {
    MERIDIAN_ASSERT(first == expected_ && (first & span_of(leaf.prefix_bits())) == 0);
    expected_ += span_of(leaf.prefix_bits()) + 1;  // wraps to 0 behind the last one
    ++table_.leaf_count_;
    const unsigned root_bits = table_.root_bits_;
    if (leaf.prefix_bits() <= root_bits) {
        const auto index = static_cast<std::size_t>(first >> (128 - root_bits));
        const std::size_t count = std::size_t{1} << (root_bits - leaf.prefix_bits());
        std::fill_n(table_.root_.begin() + static_cast<std::ptrdiff_t>(index), count,
                    kIsLeaf | leaf.word());
        return;
    }
    if (open_.empty()) { open_node(first); }
    const auto depth_bits = [&] {
        return root_bits + kStrideBits * static_cast<unsigned>(open_.size() - 1);
    };
    while (leaf.prefix_bits() > depth_bits() + kStrideBits) {
        open_node(first);
    }
    add_to_node(leaf, depth_bits());
    while (!open_.empty() && open_.back().next_child == kChildren) {
        close_node();
    }
}

void PrefixTableBuilder::open_node(AddressBits first) {
    const std::size_t level = open_.size();
    if (level == block_level_of(table_.family_)) { weights_.clear(); }
    OpenNode& opened = open_.emplace_back();
    opened.first = first;
    opened.node.first_child = static_cast<std::uint32_t>(levels_[level + 1].size());
}

void PrefixTableBuilder::add_to_node(TableLeaf leaf, unsigned node_bits) {
    OpenNode& open = open_.back();
    if (open.leaf_count == 0 || open.leaves[open.leaf_count - 1] != leaf.word()) {
        open.node.leaf_starts |= std::uint64_t{1} << open.next_child;
        open.leaves[open.leaf_count++] = leaf.word();
    }
    open.next_child += 1U << (node_bits + kStrideBits - leaf.prefix_bits());
    if (open_.size() > block_level_of(table_.family_)) { tally(leaf); }
}

void PrefixTableBuilder::tally(TableLeaf leaf) {
    const AddressBits addresses = span_of(leaf.prefix_bits()) + 1;
    for (ValueWeight& weight : weights_) {
        if (weight.value == leaf.value()) {
            weight.addresses += addresses;
            return;
        }
    }
    weights_.push_back({leaf.value(), addresses});
}

void PrefixTableBuilder::close_node() {
    OpenNode closed = open_.back();
    open_.pop_back();
    const std::size_t level = open_.size();
    closed.node.first_leaf = static_cast<std::uint32_t>(table_.leaves_.size());
    table_.leaves_.insert(table_.leaves_.end(), closed.leaves.begin(),
                          closed.leaves.begin() + closed.leaf_count);
    if (level == block_level_of(table_.family_)) {
        table_.block_values_.push_back(choose_(weights_));
    }
    if (level == 0) {
        const auto index = static_cast<std::size_t>(closed.first >> (128 - table_.root_bits_));
        table_.root_[index] = static_cast<std::uint32_t>(levels_[0].size());
    } else {
        OpenNode& parent = open_.back();
        parent.node.children |= std::uint64_t{1} << parent.next_child;
        ++parent.next_child;
    }
    levels_[level].push_back(closed.node);
}

PrefixTable PrefixTableBuilder::build() && {
    MERIDIAN_ASSERT(expected_ == 0 && table_.leaf_count_ > 0 && open_.empty());
    std::size_t count = 0;
    for (const auto& level : levels_) {
        count += level.size();
    }
    // Indices have 32 bits, those of the root 31.
    MERIDIAN_ASSERT(count < kIsLeaf && table_.leaves_.size() < kIsLeaf);
    table_.nodes_.reserve(count);
    for (std::size_t i = 0; i < levels_.size(); ++i) {
        const auto begin = static_cast<std::uint32_t>(table_.nodes_.size());
        const auto end = begin + static_cast<std::uint32_t>(levels_[i].size());
        if (i == block_level_of(table_.family_)) { table_.first_block_node_ = begin; }
        for (PrefixTable::Node node : levels_[i]) {
            node.first_child += end;
            table_.nodes_.push_back(node);
        }
        levels_[i] = {};
    }
    table_.leaves_.shrink_to_fit();
    table_.block_values_.shrink_to_fit();
    return std::move(table_);
}

}  // namespace meridian::geo
