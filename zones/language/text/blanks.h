// Skips the blanks around words of a line.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

namespace meridian::zones {

inline constexpr std::string_view kBlanks = " \t";

inline std::string_view without_leading_blanks(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    return text;
}

inline std::string_view without_blanks(std::string_view text) {
    text = without_leading_blanks(text);
    return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

}  // namespace meridian::zones
