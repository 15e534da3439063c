// Hashes many octets fast, to tell one content from another.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/octet_hash.h"

#include <xxhash.h>

#include <new>

#include "meridian/assert.h"

namespace meridian::geo {

struct OctetHash::State {
    XXH3_state_t* xxh3 = XXH3_createState();  // aligned to 64 octets, which new does not promise
};

void OctetHash::StateDeleter::operator()(State* state) const {
    XXH3_freeState(state->xxh3);
    delete state;
}

OctetHash::OctetHash() : state_(new State) {
    if (state_->xxh3 == nullptr) { throw std::bad_alloc(); }
    MERIDIAN_ASSERT(XXH3_128bits_reset(state_->xxh3) == XXH_OK);
}

void OctetHash::add(std::span<const std::uint8_t> octets) {
    MERIDIAN_ASSERT(XXH3_128bits_update(state_->xxh3, octets.data(), octets.size()) == XXH_OK);
}

void OctetHash::add_number(std::uint64_t number) {
    MERIDIAN_ASSERT(XXH3_128bits_update(state_->xxh3, &number, sizeof number) == XXH_OK);
}

Digest OctetHash::digest() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(state_->xxh3);
    return {hash.high64, hash.low64};
}

}  // namespace meridian::geo
