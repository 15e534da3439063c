// Finds the value of a client subnet that the database splits.
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
#include "meridian/huge_pages.h"
#include "meridian/ip_address.h"

namespace meridian::geo {

/// The values of split blocks of any length but /24 and /56, which have theirs in the table.
///
/// Where most known addresses of a block have the region of its first address, the first address
/// decides, and the block is not stored. The other blocks are stored by length and then by address:
/// 6 octets each, 10 beyond /32. Immutable once built; any thread.
class SplitBlocks {
public:
    /// The value of the block; none where its first address decides.
    [[nodiscard]] std::optional<std::uint16_t> find(const IpAddress& block, unsigned bits) const;

    /// The lengths at which most addresses of a split block decide, ascending.
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

/// Collects the blocks of every length, then stores the lengths that memory allows.
class SplitBlocksBuilder {
public:
    /// `lengths` are those that may be added, the ones most worth their memory first.
    explicit SplitBlocksBuilder(std::vector<std::uint8_t> lengths);

    /// Expects the blocks of a length in address order.
    void add(AddressBits first, unsigned bits, std::uint16_t value);

    /// Stores each length that fits into what the ones before it left of `octets_limit`.
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
