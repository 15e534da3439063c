// Hashes octets into a digest, the same way on every machine, in every build and version.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#define XXH_STATIC_LINKING_ONLY  // the size of a state
#include <xxhash.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/digest.h"

namespace meridian {

/// XXH3 with 128 bits, the one hash that identifies contents. It runs at the speed of memory. Two
/// different contents get one digest by accident once in some 10^38 pairs; an attacker can
/// construct such a pair, so the digest protects against accidents alone.
class OctetHash {
public:
    OctetHash() { MERIDIAN_ASSERT(XXH3_128bits_reset(&state_) == XXH_OK); }

    void add(std::span<const std::uint8_t> octets) {
        MERIDIAN_ASSERT(XXH3_128bits_update(&state_, octets.data(), octets.size()) == XXH_OK);
    }
    void add(std::string_view text) {
        MERIDIAN_ASSERT(XXH3_128bits_update(&state_, text.data(), text.size()) == XXH_OK);
    }
    /// Adds the number as eight octets in network order.
    void add_number(std::uint64_t number) {
        std::array<std::uint8_t, 8> octets;
        store_u64(octets, 0, number);
        add(octets);
    }
    void add_digest(const Digest& digest) {
        add_number(digest.high);
        add_number(digest.low);
    }
    /// The digest of everything added so far.
    [[nodiscard]] Digest digest() const {
        const XXH128_hash_t hash = XXH3_128bits_digest(&state_);
        return {hash.high64, hash.low64};
    }

private:
    XXH3_state_t state_;
};

/// The digest of a text alone.
inline Digest digest_of(std::string_view text) {
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    return {hash.high64, hash.low64};
}

}  // namespace meridian
