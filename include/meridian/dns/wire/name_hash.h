// Hashes names in wire form, for tables that find them whole.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>

namespace meridian::dns {

/// A random number other than 0: unpredictable, so that an attacker cannot choose colliding names.
/// Takes as long as opening a device.
inline std::uint64_t random_hash_seed() {
    std::random_device device;
    const std::uint64_t seed = (std::uint64_t{device()} << 32) | device();
    return seed == 0 ? 1 : seed;
}

/// Hashes a name in lower case; a name in another case has another hash. `seed` is a random number
/// other than 0; without it, an attacker cannot choose names that collide.
inline std::uint64_t hash_name(std::span<const std::uint8_t> name, std::uint64_t seed) {
    // Odd, with well-spread bits; its value carries no meaning.
    constexpr std::uint64_t kFinalMultiplier = 0xe7037ed1a0b428db;
    const auto fold_multiply = [](std::uint64_t left, std::uint64_t right) {
        __extension__ using Product = unsigned __int128;
        const Product product = static_cast<Product>(left) * right;  // both halves, folded
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    };
    // A factor of zero would hide the other one, so an attacker never controls a factor alone: one
    // is combined with the state, the other with a second secret.
    const std::uint64_t secret = std::rotl(seed, 32);
    std::uint64_t state = seed ^ name.size();
    const auto mix = [&](std::uint64_t first, std::uint64_t second) {
        state = fold_multiply(state ^ first, secret ^ second);
    };
    const std::uint8_t* const octets = name.data();
    const auto word = [octets](std::size_t at) {  // callers make sure that it lies inside
        std::uint64_t eight;
        std::memcpy(&eight, octets + at, sizeof eight);
        return eight;
    };
    const auto half_word = [octets](std::size_t at) {
        std::uint32_t four;
        std::memcpy(&four, octets + at, sizeof four);
        return std::uint64_t{four};
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
    } else if (count >= 4) {
        mix(half_word(0), half_word(count - 4));
    } else if (count > 0) {  // the first octet, the last one, and one between
        mix(std::uint64_t{octets[0]} | std::uint64_t{octets[count / 2]} << 8 |
                std::uint64_t{octets[count - 1]} << 16,
            0);
    }
    return fold_multiply(state, kFinalMultiplier);
}

}  // namespace meridian::dns
