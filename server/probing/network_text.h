// Writes a word of what an address sent so that it fits a line of `status` and of the log.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "meridian/limits.h"
#include "meridian/terminal_text.h"

namespace meridian::server {

inline constexpr std::string_view kBlanks = " \t\r";  // of a line, whose end may be CR LF

inline std::string_view without_blanks(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) { return {}; }
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// The first characters of `text`, none of which a terminal obeys; "..." stands for the others.
inline std::string network_text(std::string_view text,
                                std::size_t max_characters = kMaxProbeTextCharacters) {
    std::string result;
    for (std::size_t characters = 0; !text.empty(); ++characters) {
        if (characters == max_characters) { return result + "..."; }
        append_shown(result, text);
    }
    return result;
}

}  // namespace meridian::server
