// Finds for each name of an image how much of it the message holds already.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "meridian/dns/image.h"
#include "meridian/dns/name.h"
#include "meridian/limits.h"

namespace meridian::dns {

/// How a name is written: so many octets of its own, then a pointer. Without a pointer the octets
/// are the whole name.
struct CompressedName {
    std::size_t own_octets = 0;
    NamePointer rest;
};

/// Remembers a suffix of the owner, and the names that were added. For load time: an image of a few
/// names costs no allocation.
class NameCompressor {
public:
    /// `suffix` is an uncompressed wire name, and outlives this.
    explicit NameCompressor(std::span<const std::uint8_t> suffix) : suffix_(suffix) {}

    /// The shortest way to write `name`, an uncompressed wire name.
    [[nodiscard]] CompressedName find(std::span<const std::uint8_t> name) const;

    /// Lets later names point into this one, which lies at `offset` in the image, written as `find`
    /// returned it. The octets of `name` outlive this.
    void add(std::span<const std::uint8_t> name, std::size_t own_octets, std::size_t offset);

private:
    struct Known {  // a suffix of a name that was added
        std::uint32_t hash;
        NamePointer pointer;
        std::span<const std::uint8_t> name;
    };

    std::span<const std::uint8_t> suffix_;
    std::vector<Known> known_;
};

}  // namespace meridian::dns
