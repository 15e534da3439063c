// Hashes names in wire form, for tables that find them whole.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/name_hash.h"

#include <random>

namespace meridian::dns {

std::uint64_t random_hash_seed() {
    std::random_device device;
    const std::uint64_t seed = (std::uint64_t{device()} << 32) | device();
    return seed == 0 ? 1 : seed;
}

}  // namespace meridian::dns
