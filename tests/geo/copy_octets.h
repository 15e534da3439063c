// Holds compiled copies in memory and damages them, for tests.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "meridian/geo/copies/copy_source.h"
#include "meridian/octet_hash.h"

namespace meridian::test {

using Octets = std::vector<std::uint8_t>;

/// Expects the octets to stay where they are until the copy is read.
inline geo::CopySource source_of(std::span<const std::uint8_t> octets) {
    const auto position = std::make_shared<std::size_t>(0);
    return {octets.size(), [octets, position](std::span<std::uint8_t> into) {
                if (into.size() > octets.size() - *position) { return false; }
                std::ranges::copy(octets.subspan(*position, into.size()), into.begin());
                *position += into.size();
                return true;
            }};
}

/// Where the header (geo/copy_frame.h) has its numbers.
constexpr std::size_t kByteOrderAt = 16;
constexpr std::size_t kVersionAt = 24;
constexpr std::size_t kPayloadOctetsAt = 48;
constexpr std::size_t kChecksumAt = 64;
constexpr std::size_t kPayloadAt = 80;

/// Makes length and checksum right for what is there now, as an attacker would.
inline void seal(Octets& copy) {
    const std::uint64_t payload_octets = copy.size() - kPayloadAt;
    std::memcpy(copy.data() + kPayloadOctetsAt, &payload_octets, sizeof payload_octets);
    std::memset(copy.data() + kChecksumAt, 0, sizeof(Digest));
    OctetHash hash;
    hash.add(copy);
    const Digest digest = hash.digest();
    std::memcpy(copy.data() + kChecksumAt, &digest, sizeof digest);
}

}  // namespace meridian::test
