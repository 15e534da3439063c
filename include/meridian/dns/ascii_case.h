// Lower-cases octets as the DNS compares them: A to Z alone, whatever the locale (RFC 4343 §3).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "meridian/assert.h"
#include "meridian/limits.h"

namespace meridian::dns {

constexpr std::uint8_t lower_cased(std::uint8_t octet) {
    return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet + ('a' - 'A')) : octet;
}

/// Eight octets in one word, in any byte order.
///
/// Without its top bit an octet cannot carry into its neighbour, so one addition asks all eight
/// whether they are at least 'A' and another whether they are beyond 'Z'; the top bit answers.
constexpr std::uint64_t lower_cased_eight(std::uint64_t octets) {
    constexpr std::uint64_t kEach = 0x0101010101010101;
    constexpr std::uint64_t kTopBits = 0x80 * kEach;
    const std::uint64_t low_bits = octets & ~kTopBits;
    const std::uint64_t from_a = low_bits + (0x80 - 'A') * kEach;
    const std::uint64_t beyond_z = low_bits + (0x7f - 'Z') * kEach;
    const std::uint64_t upper = from_a & ~beyond_z & ~octets & kTopBits;
    return octets | (upper >> 2);  // 0x80 becomes 0x20, the bit between 'A' and 'a'
}

/// Lower-cases `count` octets at the front of `octets` in place, eight at a time: up to seven
/// octets behind them are lower-cased too. A name in wire form may be given whole, because the
/// length of a label is below 'A'. Expects room for `count` rounded up to a multiple of eight.
inline void lower_case_in_place(std::span<std::uint8_t> octets, std::size_t count) {
    MERIDIAN_ASSERT((count + 7) / 8 * 8 <= octets.size());
    for (std::size_t start = 0; start < count; start += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, octets.subspan(start).data(), sizeof eight);
        eight = lower_cased_eight(eight);
        std::memcpy(octets.subspan(start).data(), &eight, sizeof eight);
    }
}

/// A name in wire form, in lower case, for as long as it is looked at.
class LowerCasedName {
public:
    /// Expects at most kMaxNameOctets.
    explicit LowerCasedName(std::span<const std::uint8_t> name) : count_(name.size()) {
        MERIDIAN_ASSERT(count_ <= kMaxNameOctets);
        std::copy(name.begin(), name.end(), octets_.begin());
        lower_case_in_place(octets_, count_);
    }

    [[nodiscard]] std::span<const std::uint8_t> wire() const {
        return std::span(octets_).first(count_);
    }

private:
    std::array<std::uint8_t, kMaxNameOctets + 1> octets_{};
    std::size_t count_;
};

}  // namespace meridian::dns
