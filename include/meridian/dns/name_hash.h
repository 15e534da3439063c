// Hashes names in wire form, for tables that find them whole.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "meridian/bytes.h"

namespace meridian::dns {

/// Expects lower case; a name in another case has another hash. Whoever does not know `seed` cannot
/// choose names that collide.
inline std::uint64_t hash_name(std::span<const std::uint8_t> name, std::uint64_t seed) {
    // Odd constants with well-spread bits; their values carry no meaning.
    constexpr std::uint64_t kMultiplier = 0xa0761d6478bd642f;
    constexpr std::uint64_t kFinalMultiplier = 0xe7037ed1a0b428db;
    const auto fold_multiply = [](std::uint64_t left, std::uint64_t right) {
        __extension__ using Product = unsigned __int128;
        const Product product = static_cast<Product>(left) * right;  // both halves, folded
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    };
    std::uint64_t state = seed ^ name.size();
    const auto mix = [&](std::uint64_t word) { state = fold_multiply(state ^ word, kMultiplier); };
    if (name.size() >= 8) {
        // The last word overlaps the one before where there is one: no loop over single octets.
        const std::size_t last = name.size() - 8;
        for (std::size_t at = 0; at < last; at += 8) {
            mix(load_word<std::uint64_t>(name, at));
        }
        mix(load_word<std::uint64_t>(name, last));
    } else {
        std::uint64_t word = 0;
        for (const std::uint8_t octet : name) {
            word = (word << 8) | octet;
        }
        mix(word);
    }
    return fold_multiply(state, kFinalMultiplier);
}

}  // namespace meridian::dns
