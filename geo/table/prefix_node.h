// Lays out a node of a prefix table: how its words are read and how many there are.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "meridian/assert.h"

namespace meridian::geo {

/// The first word of a node. A node has 64 children, each a node or a leaf, and a palette: the
/// values that its leaves have. Words of 64 bits:
///
///     header       values 0 and 1 of the palette, where the children are, how many planes
///     children     bit i: child i is a node. Only where there are any
///     planes       bit i of plane k: bit k of the number that child i's value has in the palette
///     palette      values 2 and more, four to a word
///
/// Most nodes of a real database have two values and no children: 16 octets, one cache line.
class NodeHeader {
public:
    static constexpr unsigned kMaxPlanes = 6;
    /// Children of one node lie side by side in slots of equal size: that of the largest child,
    /// rounded up to one of these.
    static constexpr std::array<std::uint8_t, 8> kSlotWords{2, 3, 4, 5, 6, 8, 12, 24};
    static constexpr std::uint32_t kMaxWords = 1u << 26;  ///< Of a table: half a gigabyte.

    explicit NodeHeader(std::uint64_t word) : word_(word) {}
    /// `first_child` is 0 for a node without children; word 0 of a table belongs to no node.
    NodeHeader(std::uint16_t value_0, std::uint16_t value_1, std::uint32_t first_child,
               unsigned slot_class, unsigned plane_count)
        : word_(std::uint64_t{value_0} | std::uint64_t{value_1} << 16 |
                std::uint64_t{first_child} << 32 | std::uint64_t{slot_class} << 58 |
                std::uint64_t{plane_count} << 61) {
        MERIDIAN_ASSERT(first_child < kMaxWords);
    }

    [[nodiscard]] std::uint64_t word() const { return word_; }
    [[nodiscard]] std::uint16_t value(unsigned number) const {  ///< 0 or 1
        return static_cast<std::uint16_t>(word_ >> (16 * number));
    }
    [[nodiscard]] std::uint32_t first_child() const {
        return static_cast<std::uint32_t>(word_ >> 32) & (kMaxWords - 1);
    }
    [[nodiscard]] bool has_children() const { return first_child() != 0; }
    [[nodiscard]] unsigned slot_words() const { return kSlotWords[(word_ >> 58) & 7]; }
    [[nodiscard]] unsigned plane_count() const { return static_cast<unsigned>(word_ >> 61); }

    /// The index in kSlotWords for nodes of up to `words`.
    static unsigned slot_class_for(std::size_t words) {
        const auto* const fitting = std::ranges::lower_bound(kSlotWords, words);
        MERIDIAN_ASSERT(fitting != kSlotWords.end());
        return static_cast<unsigned>(fitting - kSlotWords.begin());
    }

private:
    std::uint64_t word_;
};

/// One child of a node that is a leaf.
struct ChildLeaf {
    std::uint16_t value = 0;
    std::uint64_t others = 0;  ///< The children that are nodes or have another value.
};

/// Reads a child that is a leaf. `behind_header` points at the planes: behind the header, or behind
/// the word of children where the node has one. `nodes` is that word, or 0.
inline ChildLeaf read_leaf(NodeHeader header, const std::uint64_t* behind_header,
                           std::uint64_t nodes, unsigned child) {
    unsigned number = 0;
    std::uint64_t others = nodes;
    const unsigned plane_count = header.plane_count();
    for (unsigned k = 0; k < plane_count; ++k) {
        const std::uint64_t bit = (behind_header[k] >> child) & 1;
        number |= static_cast<unsigned>(bit) << k;
        others |= behind_header[k] ^ (0 - bit);
    }
    if (number < 2) { return {header.value(number), others}; }
    const std::uint64_t four = behind_header[plane_count + (number - 2) / 4];
    return {static_cast<std::uint16_t>(four >> (16 * ((number - 2) % 4))), others};
}

/// The size of a leaf: the largest aligned block of children around `child` that holds none of
/// `others`, as a power of two. Since equal neighbours are one leaf, this gives its prefix length,
/// and no length is stored.
inline unsigned leaf_size_log2(std::uint64_t others, unsigned child) {
    // A block of 2^k children around `child` leaves another one out unless they agree above bit k.
    unsigned size_log2 = 6;
    const std::uint64_t below = others & ((std::uint64_t{1} << child) - 1);
    if (below != 0) {
        const auto nearest = 63 - static_cast<unsigned>(std::countl_zero(below));
        size_log2 = static_cast<unsigned>(std::bit_width(child ^ nearest)) - 1;
    }
    const std::uint64_t above = others & ~((std::uint64_t{2} << child) - 1);
    if (above != 0) {
        const auto nearest = static_cast<unsigned>(std::countr_zero(above));
        const auto until = static_cast<unsigned>(std::bit_width(child ^ nearest)) - 1;
        size_log2 = std::min(size_log2, until);
    }
    return size_log2;
}

}  // namespace meridian::geo
