// Finds the leaf of a partition of the address space that holds an address.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "geo/address_range.h"
#include "meridian/ip_prefix.h"

namespace meridian::geo {

/// What a leaf says: a value of 24 bits and the length of its prefix, in one word.
class TableLeaf {
public:
    constexpr TableLeaf() = default;
    constexpr TableLeaf(std::uint32_t value, std::uint8_t prefix_bits)
        : word_((std::uint32_t{prefix_bits} << 24) | value) {}
    static constexpr TableLeaf from_word(std::uint32_t word) {
        return {word & 0x00ff'ffff, static_cast<std::uint8_t>(word >> 24)};
    }
    [[nodiscard]] constexpr std::uint32_t value() const { return word_ & 0x00ff'ffff; }
    [[nodiscard]] constexpr std::uint8_t prefix_bits() const {
        return static_cast<std::uint8_t>(word_ >> 24);
    }
    [[nodiscard]] constexpr std::uint32_t word() const { return word_; }
    friend constexpr bool operator==(const TableLeaf&, const TableLeaf&) = default;

private:
    std::uint32_t word_ = 0;
};

/// A poptrie (Asai and Ohara, SIGCOMM 2015): a root array indexed by the first bits, behind it
/// nodes of 64 children. A node marks the children that are nodes in one bitmap and where a run of
/// equal leaves begins in another; both kinds lie packed, found by counting bits.
///
///     root[first bits] -> leaf, or node -> 6 bits -> leaf, or node -> 6 bits -> ...
///
/// The root has 18 bits for IPv4 and 14 for IPv6, so that nodes stand exactly at /24 and /56. Those
/// nodes are the blocks that the partition splits, and keep one value for the whole block.
///
/// Immutable once built; any thread.
class PrefixTable {
public:
    explicit PrefixTable(Family family);

    /// The length whose split blocks have a value of their own: /24 or /56.
    static constexpr std::uint8_t block_bits(Family family) {
        return family == Family::V4 ? 24 : 56;
    }

    /// How it is laid out.
    static constexpr unsigned kStrideBits = 6;
    static constexpr unsigned kChildren = 64;
    static constexpr std::uint32_t kIsLeaf = 0x8000'0000;  // free in a root entry: it is short
    static constexpr unsigned root_bits(Family family) { return family == Family::V4 ? 18 : 14; }
    /// Depth of the nodes at /24 or /56, counted in strides behind the root.
    static constexpr std::size_t block_level(Family family) {
        return (block_bits(family) - root_bits(family)) / kStrideBits;
    }
    /// How many depths of nodes there can be.
    static constexpr std::size_t level_count(Family family) {
        return (width_bits(family) - root_bits(family) + kStrideBits - 1) / kStrideBits;
    }

    /// The leaf of an address of the table's family.
    [[nodiscard]] TableLeaf find(const IpAddress& address) const;

    /// The value of the whole /24 or /56 around `address`. Expects leaves to split it: the one that
    /// find gives is longer than block_bits.
    [[nodiscard]] std::uint32_t block_value(const IpAddress& address) const;

    [[nodiscard]] Family family() const { return family_; }
    [[nodiscard]] std::uint64_t leaf_count() const { return leaf_count_; }
    [[nodiscard]] std::size_t memory_octets() const;

private:
    friend class PrefixTableBuilder;
    friend class PrefixTableCopier;
    struct Node {
        std::uint64_t children = 0;     // bit i: child i is a node
        std::uint64_t leaf_starts = 0;  // bit i: a run of equal leaves begins at child i
        std::uint32_t first_child = 0;  // index into nodes_
        std::uint32_t first_leaf = 0;   // index into leaves_
    };

    Family family_;
    unsigned root_bits_;
    std::vector<std::uint32_t> root_;  // top bit: a leaf's word, else a node's index
    std::vector<Node> nodes_;          // one depth after the other
    std::vector<std::uint32_t> leaves_;
    std::uint32_t first_block_node_ = 0;       // nodes at block_bits lie together
    std::vector<std::uint32_t> block_values_;  // one for each of them
    std::uint64_t leaf_count_ = 0;
};

/// How many addresses of a split block have a value.
struct ValueWeight {
    std::uint32_t value = 0;
    AddressBits addresses = 0;
};

/// Chooses the value of a split block from those of its parts, in order of first appearance.
using ChooseBlockValue = std::function<std::uint32_t(std::span<const ValueWeight> weights)>;

/// Takes the leaves of a partition in address order.
class PrefixTableBuilder {
public:
    /// `choose` is called once for each split block.
    PrefixTableBuilder(Family family, ChooseBlockValue choose);

    /// Expects `first` to be where the last leaf ended.
    void add(AddressBits first, TableLeaf leaf);
    /// Expects the whole space to be covered.
    PrefixTable build() &&;

private:
    // A node whose children are still being added.
    struct OpenNode {
        PrefixTable::Node node;
        AddressBits first = 0;
        std::array<std::uint32_t, 64> leaves{};
        unsigned leaf_count = 0;
        unsigned next_child = 0;
    };

    void open_node(AddressBits first);
    void close_node();
    void add_to_node(TableLeaf leaf, unsigned node_bits);
    void tally(TableLeaf leaf);

    PrefixTable table_;
    ChooseBlockValue choose_;
    std::vector<std::vector<PrefixTable::Node>> levels_;  // finished nodes by depth
    std::vector<OpenNode> open_;                          // the path to the last leaf
    std::vector<ValueWeight> weights_;                    // of the open block
    AddressBits expected_ = 0;
};

}  // namespace meridian::geo
