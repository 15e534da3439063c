// Finds the leaf of a partition of the address space that holds an address.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "meridian/huge_pages.h"
#include "meridian/ip_address.h"

namespace meridian::geo {

/// A leaf: a value of 16 bits and the length of its prefix, in one word.
class TableLeaf {
public:
    constexpr TableLeaf() = default;
    constexpr TableLeaf(std::uint16_t value, unsigned prefix_bits)
        : word_(std::uint32_t{prefix_bits} << 16 | value) {}
    static constexpr TableLeaf from_word(std::uint32_t word) {
        return {static_cast<std::uint16_t>(word), word >> 16};
    }
    [[nodiscard]] constexpr std::uint16_t value() const {
        return static_cast<std::uint16_t>(word_);
    }
    [[nodiscard]] constexpr std::uint8_t prefix_bits() const {
        return static_cast<std::uint8_t>(word_ >> 16);
    }
    [[nodiscard]] constexpr std::uint32_t word() const { return word_; }
    friend constexpr bool operator==(const TableLeaf&, const TableLeaf&) = default;

private:
    std::uint32_t word_ = 0;
};

/// A poptrie (Asai and Ohara, SIGCOMM 2015): a root array indexed by the first bits, behind it
/// nodes of 64 children (prefix_node.h), found by counting bits.
///
///     root[first bits] -> leaf, or node -> 6 bits -> leaf, or node -> 6 bits -> ...
///
/// The root has 18 bits for IPv4 and 14 for IPv6, so that nodes stand exactly at /24 and /56. Those
/// nodes are the blocks that the partition splits; the first value of their palette is that of the
/// whole block.
///
/// Immutable once built; any thread.
class PrefixTable {
public:
    explicit PrefixTable(Family family);

    /// The prefix length of blocks that have a value of their own where they are split: /24 or /56.
    static constexpr std::uint8_t block_bits(Family family) {
        return family == Family::V4 ? 24 : 56;
    }

    /// How it is laid out.
    static constexpr unsigned kStrideBits = 6;
    static constexpr unsigned kChildren = 64;
    static constexpr std::uint32_t kIsLeaf = 0x8000'0000;  // no offset of a node has this bit
    static constexpr unsigned root_bits(Family family) { return family == Family::V4 ? 18 : 14; }
    /// The greatest number of nodes on the path to a leaf.
    static constexpr std::size_t level_count(Family family) {
        return (width_bits(family) - root_bits(family) + kStrideBits - 1) / kStrideBits;
    }
    /// How many bits of an address lead to a node of this depth, counted in strides from the root.
    static constexpr unsigned node_bits(Family family, std::size_t level) {
        return root_bits(family) + kStrideBits * static_cast<unsigned>(level);
    }

    /// The leaf of an address of the table's family.
    [[nodiscard]] TableLeaf find(const IpAddress& address) const { return walk(address, kNever); }

    /// The leaf of the whole /24 or /56 around `address`. Where leaves split it: the value that was
    /// chosen for the block, and block_bits.
    [[nodiscard]] TableLeaf find_block(const IpAddress& address) const {
        return walk(address, block_bits(family_));
    }

    /// One of the two, by the length of a client subnet.
    [[nodiscard]] TableLeaf find_subnet(const IpAddress& address, unsigned source_bits) const {
        return walk(address, source_bits == block_bits(family_) ? source_bits : kNever);
    }

    [[nodiscard]] Family family() const { return family_; }
    [[nodiscard]] std::uint64_t leaf_count() const { return leaf_count_; }
    [[nodiscard]] std::size_t memory_octets() const;

private:
    friend class PrefixTableBuilder;
    friend class PrefixTableCopier;
    static constexpr unsigned kNever = 255;  // more bits than any node has above it

    [[nodiscard]] TableLeaf walk(const IpAddress& address, unsigned stop_bits) const;

    Family family_;
    unsigned root_bits_;
    LargeVector<std::uint32_t> root_;   // top bit: a leaf's word, else where its node begins
    LargeVector<std::uint64_t> words_;  // of all nodes; the first one is unused
    std::uint64_t leaf_count_ = 0;
};

}  // namespace meridian::geo
