// Hashes names in wire form, for tables that find them whole.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

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
    const auto load_word = [](const std::uint8_t* octets) {
        std::uint64_t word = 0;
        std::memcpy(&word, octets, sizeof word);
        return word;
    };
    std::uint64_t state = seed ^ name.size();
    const std::uint8_t* octets = name.data();
    std::size_t left = name.size();
    while (left >= 8) {
        state = fold_multiply(state ^ load_word(octets), kMultiplier);
        octets += 8;
        left -= 8;
    }
    if (left > 0) {
        // The last word overlaps the one before where there is one: no loop over single octets.
        std::uint64_t word = 0;
        if (name.size() >= 8) {
            word = load_word(octets + left - 8);
        } else {
            for (std::size_t i = 0; i < left; ++i) {
                word = (word << 8) | octets[i];
            }
        }
        state = fold_multiply(state ^ word, kMultiplier);
    }
    return fold_multiply(state, kFinalMultiplier);
}

}  // namespace meridian::dns
