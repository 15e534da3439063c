// Lower-cases octets as the DNS compares them: A to Z alone, whatever the locale (RFC 4343 §3).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::dns {

constexpr std::uint8_t lower_cased(std::uint8_t octet) {
    return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet + ('a' - 'A')) : octet;
}

/// Lower-cases eight octets in one word, in any byte order.
///
/// Without its top bit an octet cannot carry into its neighbour, so one addition tests all eight
/// for at least 'A' and another for beyond 'Z'; the top bits hold the results.
constexpr std::uint64_t lower_cased_eight(std::uint64_t octets) {
    constexpr std::uint64_t kEach = 0x0101010101010101;
    constexpr std::uint64_t kTopBits = 0x80 * kEach;
    const std::uint64_t low_bits = octets & ~kTopBits;
    const std::uint64_t from_a = low_bits + (0x80 - 'A') * kEach;
    const std::uint64_t beyond_z = low_bits + (0x7f - 'Z') * kEach;
    const std::uint64_t upper = from_a & ~beyond_z & ~octets & kTopBits;
    return octets | (upper >> 2);  // 0x80 becomes 0x20, the bit between 'A' and 'a'
}

#ifdef MERIDIAN_VECTORS
/// Lower-cases sixteen octets at once. The comparison is signed: once 'A' is moved to the lowest
/// signed number, the letters are the lowest 26 of all octets.
inline __m128i lower_cased_sixteen(__m128i octets) {
    const __m128i from_a = _mm_add_epi8(octets, _mm_set1_epi8(static_cast<char>(0x80 - 'A')));
    const __m128i beyond_z = _mm_set1_epi8(static_cast<char>(0x80 + ('Z' - 'A') + 1));
    const __m128i upper = _mm_cmpgt_epi8(beyond_z, from_a);
    return _mm_or_si128(octets, _mm_and_si128(upper, _mm_set1_epi8('a' - 'A')));
}
#endif

/// Copies `from` to the front of `to` in lower case. `from` may be a whole name in wire form,
/// because the length of a label is below 'A'. Expects room, and no overlap.
///
/// As in `copy_octets`, the last octets are copied together with some of those before.
inline void copy_lower_cased(std::span<const std::uint8_t> from, std::span<std::uint8_t> to) {
    MERIDIAN_ASSERT(from.size() <= to.size());
    const std::size_t count = from.size();
#ifdef MERIDIAN_VECTORS
    if (count >= 16) {
        // `count` proves both within bounds; the same is true of the words below.
        const auto lower_case = [&](std::size_t at) {
            const auto* octets = reinterpret_cast<const __m128i_u*>(from.data() + at);
            _mm_storeu_si128(reinterpret_cast<__m128i_u*>(to.data() + at),
                             lower_cased_sixteen(_mm_loadu_si128(octets)));
        };
        lower_case(0);
        for (std::size_t at = 16; at + 16 < count; at += 16) {
            lower_case(at);
        }
        lower_case(count - 16);
        return;
    }
#endif
    if (count >= 8) {
        const std::size_t last = count - 8;
        for (std::size_t at = 0; at < last; at += 8) {
            store_word(to, at, lower_cased_eight(load_word<std::uint64_t>(from, at)));
        }
        store_word(to, last, lower_cased_eight(load_word<std::uint64_t>(from, last)));
        return;
    }
    std::transform(from.begin(), from.end(), to.begin(),
                   [](std::uint8_t octet) { return lower_cased(octet); });
}

/// The text in lower case.
inline std::string lower_cased(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char letter) {
        return static_cast<char>(lower_cased(static_cast<std::uint8_t>(letter)));
    });
    return lower;
}

/// A name in wire form, copied into lower case for a comparison or a search.
class LowerCasedName {
public:
    /// Expects at most kMaxNameOctets.
    explicit LowerCasedName(std::span<const std::uint8_t> name) : count_(name.size()) {
        MERIDIAN_ASSERT(count_ <= kMaxNameOctets);
        copy_lower_cased(name, octets_);
    }

    [[nodiscard]] std::span<const std::uint8_t> wire() const {
        return std::span(octets_).first(count_);
    }

private:
    std::array<std::uint8_t, kMaxNameOctets> octets_;  // as many as `count_` are written
    std::size_t count_;
};

}  // namespace meridian::dns
