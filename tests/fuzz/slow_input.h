// Recognises inputs that may take long, which fuzz targets skip.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace meridian::test {

/// Whether $GENERATE may stand in the text with a number of more than three digits: thousands of
/// records are work that an operator may ask for.
inline bool generates_much(std::string_view text) {
    constexpr std::size_t kMaxDigits = 3;
    std::size_t digits = 0;
    for (const char octet : text) {
        digits = octet >= '0' && octet <= '9' ? digits + 1 : 0;
        if (digits <= kMaxDigits) { continue; }
        constexpr std::string_view kDirective = "$generate";  // in any case
        const auto same = [](char one, char other) { return (one | 0x20) == (other | 0x20); };
        return std::search(text.begin(), text.end(), kDirective.begin(), kDirective.end(), same) !=
               text.end();
    }
    return false;
}

}  // namespace meridian::test
