// Stores images side by side in one piece of memory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/dns/image.h"
#include "meridian/huge_pages.h"

namespace meridian::zones {

/// Where an image begins, in units of two octets; 0 means none.
using ImageRef = std::uint32_t;

/// How an image lies in memory:
///
/// ```
/// octet count (2) | record count (2) | [stride (2) | pointer count (2) | pointers (2 each)] |
/// octets, padded to 2
/// ```
/// The fields in brackets exist where the top bit of the record count is set: a single address, by
/// far the most frequent image, needs none of them.
namespace image_layout {

constexpr std::size_t kHeadUnits = 4;  // the longest
constexpr unsigned kHasMore = 0x8000;  // no message has so many records

}  // namespace image_layout

/// Images in memory that belongs to a zone or to a store.
class ImageTable {
public:
    ImageTable() = default;
    explicit ImageTable(const std::uint16_t* units) : units_(units) {}

    /// Expects a reference that ImageStore::add gave. A single record without pointers has a
    /// stride.
    [[nodiscard]] dns::Image view(ImageRef ref) const {
        const std::uint16_t* const header = units_ + ref;
        const bool has_more = (header[1] & image_layout::kHasMore) != 0;
        const auto record_count = static_cast<std::uint16_t>(header[1] & ~image_layout::kHasMore);
        const std::uint16_t only_stride = record_count == 1 ? header[0] : std::uint16_t{0};
        // Selected without a branch: all of it lies in one cache line, and four units always exist.
        const std::size_t pointer_count = has_more ? header[3] : std::size_t{0};
        const std::uint16_t* const pointers = header + (has_more ? 4 : 2);
        return {{reinterpret_cast<const std::uint8_t*>(pointers + pointer_count), header[0]},
                {pointers, pointer_count},
                record_count,
                has_more ? header[2] : only_stride};
    }
    /// Prefetches the image.
    void prefetch(ImageRef ref) const { __builtin_prefetch(units_ + ref); }

private:
    const std::uint16_t* units_ = nullptr;
};

/// Collects images.
class ImageStore {
public:
    ImageStore();

    ImageRef add(const dns::ImageBuffer& image);
    /// What was added so far; until the next image is added.
    [[nodiscard]] ImageTable table() const { return ImageTable(units_.data()); }
    [[nodiscard]] dns::Image view(ImageRef ref) const { return table().view(ref); }
    [[nodiscard]] std::span<const std::uint16_t> units() const { return units_; }
    /// Reserves room for so many octets of images.
    void reserve(std::size_t octets) { units_.reserve(octets / 2); }

private:
    LargeVector<std::uint16_t> units_;
};

}  // namespace meridian::zones
