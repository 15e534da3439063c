// Stores images side by side in one piece of memory.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/image_store.h"

#include <cstring>
#include <limits>

#include "meridian/assert.h"

namespace meridian::zones {

using image_layout::kHasMore;
using image_layout::kHeadUnits;

// Offset 0 means none, so an empty image lies there.
ImageStore::ImageStore() : units_(kHeadUnits, 0) {}

ImageRef ImageStore::add(const dns::ImageBuffer& image) {
    MERIDIAN_ASSERT(image.octets.size() <= std::numeric_limits<std::uint16_t>::max());
    MERIDIAN_ASSERT(units_.size() < std::numeric_limits<ImageRef>::max() - 0x20000);
    const auto ref = static_cast<ImageRef>(units_.size());
    units_.push_back(static_cast<std::uint16_t>(image.octets.size()));
    MERIDIAN_ASSERT(image.record_count < kHasMore);
    const bool has_more =
        !image.pointers.empty() || (image.stride_octets != 0 && image.record_count > 1);
    units_.push_back(static_cast<std::uint16_t>(image.record_count | (has_more ? kHasMore : 0)));
    if (has_more) {
        units_.push_back(image.stride_octets);
        units_.push_back(static_cast<std::uint16_t>(image.pointers.size()));
        units_.insert(units_.end(), image.pointers.begin(), image.pointers.end());
    }
    const std::size_t octets_at = units_.size();
    units_.resize(octets_at + (image.octets.size() + 1) / 2);
    if (!image.octets.empty()) {
        std::memcpy(units_.data() + octets_at, image.octets.data(), image.octets.size());
    }
    return ref;
}

}  // namespace meridian::zones
