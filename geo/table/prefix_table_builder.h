// Builds a prefix table from ranges of addresses.
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
#include "geo/table/prefix_node.h"
#include "geo/table/prefix_table.h"

namespace meridian::geo {

/// Returns the value of the split block that begins at `first`.
using ChooseBlockValue = std::function<std::uint16_t(AddressBits first)>;

/// Takes a partition in address order, range by range.
class PrefixTableBuilder {
public:
    /// `choose` is called once for each split block of block_bits, in address order.
    PrefixTableBuilder(Family family, ChooseBlockValue choose);

    /// Adds `first` to `last`, both included. Expects `first` to be where the last range ended, and
    /// each range to have another value than the one before. The leaves are the fewest prefixes
    /// that make up a range, so siblings of one value become one leaf.
    void add(AddressBits first, AddressBits last, std::uint16_t value);
    /// Expects the whole space to be covered.
    PrefixTable build() &&;

private:
    using NodeWords = std::array<std::uint64_t, NodeHeader::kSlotWords.back()>;
    // A node whose children are still being added.
    struct OpenNode {
        AddressBits first = 0;
        unsigned next_child = 0;
        std::uint64_t nodes = 0;  // bit i: child i is a node
        // The palette, and which children have each value.
        unsigned value_count = 0;
        std::array<std::uint16_t, PrefixTable::kChildren + 1> values;
        std::array<std::uint64_t, PrefixTable::kChildren + 1> children_of;

        void add_value(std::uint16_t value, std::uint64_t children);
        void put_first(std::uint16_t value);
        std::size_t encode(std::uint32_t first_child, unsigned slot_class, NodeWords& words) const;
    };
    // Finished nodes whose last sibling is not finished.
    struct Siblings {
        std::vector<std::uint64_t> words;
        std::vector<std::uint8_t> word_counts;
    };

    AddressBits fill_root(AddressBits first, AddressBits last, std::uint16_t value);
    AddressBits fill_children(AddressBits last, std::uint16_t value);
    void open_node(AddressBits first);
    void close_node();
    void place(std::size_t level, AddressBits first, std::span<const std::uint64_t> node);
    std::uint32_t write_siblings(Siblings& siblings, unsigned slot_class);
    [[nodiscard]] unsigned open_bits() const;  // prefix length of the innermost open node
    [[nodiscard]] unsigned unit_bits() const;  // and of one of its children

    PrefixTable table_;
    ChooseBlockValue choose_;
    std::vector<OpenNode> open_;  // the path to the last range; never shrinks, see open_count_
    std::size_t open_count_ = 0;
    std::vector<Siblings> siblings_;  // by depth
    AddressBits expected_ = 0;
};

}  // namespace meridian::geo
