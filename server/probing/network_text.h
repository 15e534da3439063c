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
