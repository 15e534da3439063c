// Hashes names in wire form, for tables that find them whole.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace meridian::dns {

/// A seed that nobody can know who would like names to collide. Takes as long as opening a device.
std::uint64_t random_hash_seed();

/// Expects lower case; a name in another case has another hash. Whoever does not know `seed`, a
/// random number other than 0, cannot choose names that collide.
inline std::uint64_t hash_name(std::span<const std::uint8_t> name, std::uint64_t seed) {
    // Odd, with well-spread bits; its value carries no meaning.
    constexpr std::uint64_t kFinalMultiplier = 0xe7037ed1a0b428db;
    const auto fold_multiply = [](std::uint64_t left, std::uint64_t right) {
        __extension__ using Product = unsigned __int128;
        const Product product = static_cast<Product>(left) * right;  // both halves, folded
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    };
    // A factor of zero would make the other one meaningless, so neither is a stranger's alone: one
    // holds the state, the other a second secret.
    const std::uint64_t secret = std::rotl(seed, 32);
    std::uint64_t state = seed ^ name.size();
    const auto mix = [&](std::uint64_t first, std::uint64_t second) {
        state = fold_multiply(state ^ first, secret ^ second);
    };
    const std::uint8_t* const octets = name.data();
    const auto word = [octets](std::size_t at) {  // callers know that it lies inside
        std::uint64_t eight;
        std::memcpy(&eight, octets + at, sizeof eight);
        return eight;
    };
    // The last words overlap those before: no loop over single octets.
    const std::size_t count = name.size();
    if (count >= 16) {
        const std::size_t last = count - 16;
        for (std::size_t at = 0; at < last; at += 16) {
            mix(word(at), word(at + 8));
        }
        mix(word(last), word(last + 8));
    } else if (count >= 8) {
        mix(word(0), word(count - 8));
    } else {
        std::uint64_t few = 0;
        for (const std::uint8_t octet : name) {
            few = (few << 8) | octet;
        }
        mix(few, 0);
    }
    return fold_multiply(state, kFinalMultiplier);
}

}  // namespace meridian::dns
