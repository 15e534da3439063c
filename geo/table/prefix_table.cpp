// Finds the leaf of a partition of the address space that holds an address.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/table/prefix_table.h"

#include <bit>

#include "geo/address_range.h"
#include "geo/table/prefix_node.h"

namespace meridian::geo {
namespace {

constexpr unsigned kStrideBits = PrefixTable::kStrideBits;
constexpr unsigned kChildren = PrefixTable::kChildren;

constexpr bool has_nodes_at(Family family, unsigned bits) {
    return (bits - PrefixTable::root_bits(family)) % kStrideBits == 0;
}
static_assert(has_nodes_at(Family::V4, PrefixTable::block_bits(Family::V4)));
static_assert(has_nodes_at(Family::V6, PrefixTable::block_bits(Family::V6)));

// The six bits behind the first `depth_bits`; those past the end of the address are zero.
unsigned child_index(const IpAddress& address, unsigned depth_bits) {
    if (depth_bits <= 58) {
        return static_cast<unsigned>(address.high() >> (58 - depth_bits)) % kChildren;
    }
    return static_cast<unsigned>(bits_of(address) >> (122 - depth_bits)) % kChildren;
}

}  // namespace

PrefixTable::PrefixTable(Family family)
    : family_(family),
      root_bits_(root_bits(family)),
      root_(std::size_t{1} << root_bits_, kIsLeaf),
      words_(1) {}

TableLeaf PrefixTable::walk(const IpAddress& address, unsigned stop_bits) const {
    const std::uint32_t entry = root_[address.high() >> (64 - root_bits_)];
    if ((entry & kIsLeaf) != 0) { return TableLeaf::from_word(entry & ~kIsLeaf); }
    const std::uint64_t* words = words_.data() + entry;
    for (unsigned depth_bits = root_bits_;; depth_bits += kStrideBits) {
        const NodeHeader header(*words++);
        if (depth_bits == stop_bits) { return {header.value(0), stop_bits}; }
        const unsigned child = child_index(address, depth_bits);
        std::uint64_t nodes = 0;
        if (header.has_children()) {
            nodes = *words++;
            if (((nodes >> child) & 1) != 0) {
                const std::uint64_t before = nodes & ((std::uint64_t{1} << child) - 1);
                words = words_.data() + header.first_child() +
                        static_cast<unsigned>(std::popcount(before)) * header.slot_words();
                continue;
            }
        }
        const ChildLeaf leaf = read_leaf(header, words, nodes, child);
        return {leaf.value, depth_bits + kStrideBits - leaf_size_log2(leaf.others, child)};
    }
}

std::size_t PrefixTable::memory_octets() const {
    return root_.capacity() * sizeof(std::uint32_t) + words_.capacity() * sizeof(std::uint64_t);
}

}  // namespace meridian::geo
