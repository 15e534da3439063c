// Puts values into the gaps of a diagnostic's text.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "meridian/assert.h"

namespace meridian {

/// Returns `text` with the first of `values` in place of each `{}`. The values used are taken off,
/// so that the hint behind a text goes on with the rest. Expects a value for each gap.
inline std::string filled(std::string_view text, std::span<const std::string_view>& values) {
    std::string result;
    for (;;) {
        const std::size_t gap = text.find("{}");
        result += text.substr(0, gap);
        if (gap == std::string_view::npos) { return result; }
        MERIDIAN_ASSERT(!values.empty());
        result += values.front();
        values = values.subspan(1);
        text.remove_prefix(gap + 2);
    }
}

}  // namespace meridian
