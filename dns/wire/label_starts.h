// Finds the labels of a name in wire form.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/limits.h"

namespace meridian::dns {

/// Where each label's length octet lies, first label first; the root label is left out.
struct LabelStarts {
    /// Expects a whole name without compression pointers.
    explicit LabelStarts(std::span<const std::uint8_t> name) {
        for (std::size_t at = 0; name[at] != 0; at += 1U + name[at]) {
            offsets[count++] = static_cast<std::uint8_t>(at);
        }
    }
    std::array<std::uint8_t, kMaxNameLabels> offsets;  // as many as `count` are written
    std::size_t count = 0;
};

}  // namespace meridian::dns
