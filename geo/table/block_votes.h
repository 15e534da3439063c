// Counts for each split block how many of its addresses have which value.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "geo/address_range.h"

namespace meridian::geo {

/// How many addresses of a split block have a value.
struct ValueWeight {
    std::uint16_t value = 0;
    std::uint32_t order = 0;  ///< Lower than that of a value that appears later in the block.
    AddressBits addresses = 0;
};

/// A block that consists of several leaves.
struct SplitBlock {
    AddressBits first = 0;
    unsigned bits = 0;
    std::uint16_t first_value = 0;         ///< That of its first address.
    std::span<const ValueWeight> weights;  ///< Sorted by value.
};

/// Takes a partition leaf by leaf, in address order, and reports each split block of some lengths.
class BlockVotes {
public:
    using Take = std::function<void(const SplitBlock& block)>;

    /// Calls `take` for the blocks of each length in address order, each as soon as its last leaf
    /// is added.
    BlockVotes(std::vector<std::uint8_t> lengths, Take take);

    void add(AddressBits first, std::uint8_t prefix_bits, std::uint16_t value);

private:
    // A block that is not complete yet.
    struct Open {
        unsigned bits = 0;
        std::uint16_t first_value = 0;
        std::vector<ValueWeight> weights;
    };
    void close(std::size_t number, AddressBits last);
    void merge_into(Open& outer, const Open& inner);

    std::vector<Open> open_;
    std::array<std::uint8_t, 129>
        count_below_{};  // how many of the lengths are shorter than a leaf's
    Take take_;
    std::uint32_t leaf_count_ = 0;
    std::vector<ValueWeight> merged_;
};

}  // namespace meridian::geo
