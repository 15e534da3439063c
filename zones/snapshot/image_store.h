// Keeps the images of a snapshot side by side in one piece of memory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/dns/image.h"
#include "meridian/large_allocator.h"

namespace meridian::zones {

/// Where an image begins, in units of two octets; 0 means none.
using ImageRef = std::uint32_t;

/// An append-only arena.
///
/// ```
/// octet count (2) | record count (2) | [stride (2) | pointer count (2) | pointers (2 each)] |
/// octets, padded to 2
/// ```
/// What stands in brackets is there where the top bit of the record count says so: a single
/// address, the most frequent image by far, needs none of it.
class ImageStore {
public:
    ImageStore();

    ImageRef add(const dns::ImageBuffer& image);

    /// Expects a reference that `add` gave. A single record without pointers has a stride.
    [[nodiscard]] dns::Image view(ImageRef ref) const {
        const std::uint16_t* const header = units_.data() + ref;
        const bool has_more = (header[1] & kHasMore) != 0;
        const auto record_count = static_cast<std::uint16_t>(header[1] & ~kHasMore);
        const std::uint16_t only_stride = record_count == 1 ? header[0] : std::uint16_t{0};
        // Chosen, not branched to: all of it lies in one line, and there are four units at least.
        const std::size_t pointer_count = has_more ? header[3] : std::size_t{0};
        const std::uint16_t* const pointers = header + (has_more ? 4 : 2);
        return {{reinterpret_cast<const std::uint8_t*>(pointers + pointer_count), header[0]},
                {pointers, pointer_count},
                record_count,
                has_more ? header[2] : only_stride};
    }
    /// Asks for the image ahead of its use.
    void prefetch(ImageRef ref) const { __builtin_prefetch(units_.data() + ref); }

    [[nodiscard]] std::size_t memory_octets() const { return units_.capacity() * 2; }
    /// Makes room for so many octets of images.
    void reserve(std::size_t octets) { units_.reserve(octets / 2); }
    void shrink() { units_.shrink_to_fit(); }

private:
    static constexpr std::size_t kHeadUnits = 4;  // the longest
    static constexpr unsigned kHasMore = 0x8000;  // no message has so many records

    LargeVector<std::uint16_t> units_;
};

}  // namespace meridian::zones
