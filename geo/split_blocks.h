// Finds what answers for a client subnet that the database splits.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "geo/address_range.h"
#include "meridian/ip_prefix.h"
#include "meridian/large_allocator.h"

namespace meridian::geo {

/// The value of a split block of any length but /24 and /56, which have theirs in the table.
///
/// Where the first address of a block goes to the region that most of the block's known addresses
/// go to, that is what answers for the block, and nothing is kept of it. The others stand here in
/// address order, the lengths apart: 6 octets each, 10 beyond /32. Immutable once built; any
/// thread.
class SplitBlocks {
public:
    /// What answers for the block in place of its first address; nothing where that one may.
    [[nodiscard]] std::optional<std::uint16_t> find(const IpAddress& block, unsigned bits) const;

    /// The lengths whose split blocks are answered for by most of their addresses, ascending.
    [[nodiscard]] std::span<const std::uint8_t> lengths() const { return lengths_; }
    [[nodiscard]] std::size_t memory_octets() const;

private:
    friend class SplitBlocksBuilder;
    friend class SplitBlocksCopier;  // split_blocks_copy.cpp
    static constexpr unsigned kShortKeyBits = 32;

    std::vector<std::uint8_t> lengths_;
    std::vector<std::uint32_t> ends_;  // of each length in values_
    // Short ones first, since lengths ascend.
    LargeVector<std::uint32_t> short_keys_;  // the first 32 bits, of blocks up to /32
    LargeVector<std::uint64_t> long_keys_;   // the first 64
    LargeVector<std::uint16_t> values_;
};

/// Collects the blocks of every length, then keeps the lengths that memory allows.
class SplitBlocksBuilder {
public:
    /// `lengths` are those that may come, in the order in which they are worth keeping.
    explicit SplitBlocksBuilder(std::vector<std::uint8_t> lengths);

    /// Expects the blocks of a length in address order.
    void add(AddressBits first, unsigned bits, std::uint16_t value);

    /// Keeps each length that fits into what the ones before it left of `octets_limit`.
    SplitBlocks build(std::size_t octets_limit) &&;

private:
    struct Length {
        std::vector<std::uint64_t> keys;
        std::vector<std::uint16_t> values;
    };
    [[nodiscard]] std::vector<std::uint8_t> lengths_within(std::size_t octets_limit) const;

    std::vector<std::uint8_t> wanted_;
    std::array<Length, 64> lengths_;  // by their bits
};

}  // namespace meridian::geo
