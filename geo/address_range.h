// Cuts ranges of addresses into the fewest prefixes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>

#include "meridian/ip_address.h"
#include "meridian/ip_prefix.h"

namespace meridian::geo {

/// Left-aligned address bits as one number. A prefix of n bits spans 2^(128 - n) numbers in either
/// family, so that one code handles the ranges of both.
__extension__ using AddressBits = unsigned __int128;

constexpr AddressBits kLastAddress = ~AddressBits{0};

constexpr AddressBits bits_of(const IpAddress& address) {
    return (static_cast<AddressBits>(address.high()) << 64) | address.low();
}

constexpr IpAddress address_of(Family family, AddressBits bits) {
    return IpAddress::left_aligned(family, static_cast<std::uint64_t>(bits >> 64),
                                   static_cast<std::uint64_t>(bits));
}

/// Last minus first address of a prefix: all the bits behind it.
constexpr AddressBits span_of(unsigned prefix_bits) {
    return prefix_bits >= 128 ? 0 : kLastAddress >> prefix_bits;
}

constexpr AddressBits last_of(const IpPrefix& prefix) {
    return bits_of(prefix.address) | span_of(prefix.bits);
}

constexpr unsigned trailing_zeros(AddressBits bits) {
    const auto low = static_cast<std::uint64_t>(bits);
    if (low != 0) { return static_cast<unsigned>(std::countr_zero(low)); }
    return 64 + static_cast<unsigned>(std::countr_zero(static_cast<std::uint64_t>(bits >> 64)));
}

constexpr unsigned bit_width(AddressBits bits) {
    const auto high = static_cast<std::uint64_t>(bits >> 64);
    if (high != 0) { return 64 + static_cast<unsigned>(std::bit_width(high)); }
    return static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(bits)));
}

/// Calls `take(first, prefix_bits)` for the fewest prefixes that make up `first` to `last`, both
/// included, in address order. Two siblings of one range always come as their parent, so this also
/// merges equal neighbours.
template <typename Take>  // a std::function per leaf doubles the time of compiling a database
void for_each_prefix(AddressBits first, AddressBits last, Take&& take) {
    while (true) {
        const AddressBits span = last - first;
        const unsigned fitting = span == kLastAddress ? 128 : bit_width(span + 1) - 1;
        const unsigned free_bits = std::min(trailing_zeros(first), fitting);
        const unsigned prefix_bits = 128 - free_bits;
        take(first, static_cast<std::uint8_t>(prefix_bits));
        const AddressBits end = first | span_of(prefix_bits);
        if (end == last) { return; }
        first = end + 1;
    }
}

/// Joins ranges that follow each other and have one value, then cuts them into prefixes.
class RunMerger {
public:
    /// Appends a range. Where its value is another, calls `take(first, prefix_bits, value)` for the
    /// prefixes of the run before.
    template <typename Take>
    void append(AddressBits first, AddressBits last, std::uint32_t value, Take&& take) {
        if (run_ && run_->value == value) {
            run_->last = last;
            return;
        }
        flush(take);
        run_ = Run{first, last, value};
    }
    /// Ends the run, so that no later range is joined with it.
    template <typename Take>
    void flush(Take&& take) {
        if (!run_) { return; }
        for_each_prefix(run_->first, run_->last, [&](AddressBits first, std::uint8_t bits) {
            take(first, bits, run_->value);
        });
        run_.reset();
    }

private:
    struct Run {
        AddressBits first;
        AddressBits last;
        std::uint32_t value;
    };
    std::optional<Run> run_;
};

}  // namespace meridian::geo
