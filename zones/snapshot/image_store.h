// Keeps the images of a snapshot side by side in one piece of memory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "meridian/dns/image.h"

namespace meridian::zones {

/// Where an image begins, in units of two octets; 0 means none.
using ImageRef = std::uint32_t;

/// An append-only arena.
///
/// ```
/// octet count (2) | record count (2) | stride (2) | pointer count (2) |
/// apex pointers (2 each) | octets, padded to 2
/// ```
class ImageStore {
public:
    ImageStore();

    ImageRef add(const dns::ImageBuffer& image);

    /// Expects a reference that `add` gave.
    [[nodiscard]] dns::Image view(ImageRef ref) const {
        const std::uint16_t* header = units_.data() + ref;
        const std::uint16_t* pointers = header + kHeaderUnits;
        const auto* octets = reinterpret_cast<const std::uint8_t*>(pointers + header[3]);
        return {{octets, header[0]}, {pointers, header[3]}, header[1], header[2]};
    }

    [[nodiscard]] std::size_t memory_octets() const { return units_.capacity() * 2; }
    void shrink() { units_.shrink_to_fit(); }

private:
    static constexpr std::size_t kHeaderUnits = 4;
    std::vector<std::uint16_t> units_;
};

}  // namespace meridian::zones
