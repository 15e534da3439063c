// Writes text from outside so that a terminal shows all of it and obeys none of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "meridian/utf8.h"

namespace meridian {

/// Whether a terminal obeys the character, shows nothing in its place, or turns round the letters
/// beside it: the controls, what Unicode calls default ignorable (UAX #44), the marks of direction
/// (UAX #9), and the separators of lines and paragraphs.
constexpr bool is_hidden(std::uint32_t code_point) {
    struct Range {
        std::uint32_t first, last;
    };
    constexpr std::array<Range, 19> kHidden{{
        {0x0000, 0x001f},  // C0
        {0x007f, 0x009f},  // DEL, and C1, which some terminals obey like ESC
        {0x00ad, 0x00ad},   {0x034f, 0x034f}, {0x061c, 0x061c},   {0x115f, 0x1160},
        {0x17b4, 0x17b5},   {0x180b, 0x180f}, {0x200b, 0x200f},   {0x2028, 0x202e},
        {0x2060, 0x206f},   {0x3164, 0x3164}, {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},
        {0xffa0, 0xffa0},   {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
        {0xe0000, 0xe0fff},
    }};
    return std::any_of(kHidden.begin(), kHidden.end(), [=](const Range& range) {
        return code_point >= range.first && code_point <= range.last;
    });
}

/// Appends the character at the front of `text`, which is not empty, and removes it there. A hidden
/// one becomes an escape such as \u202e, as JSON has them (beyond U+FFFF two of them, RFC 8259 §7),
/// and an octet that is no UTF-8 becomes U+FFFD.
inline void append_shown(std::string& out, std::string_view& text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto escape = [&](std::uint32_t unit) {
        out += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4) {
            out += kHex[unit >> shift & 15];
        }
    };
    const std::size_t octets = utf8_octets(text, 0);
    const std::string_view character = text.substr(0, std::max<std::size_t>(octets, 1));
    text.remove_prefix(character.size());
    if (octets == 0) {
        out += kReplacementCharacter;
        return;
    }
    const std::uint32_t code_point = code_point_of(character);
    if (!is_hidden(code_point)) {
        out += character;
    } else if (code_point < 0x10000) {
        escape(code_point);
    } else {
        escape(0xd7c0 + (code_point >> 10));
        escape(0xdc00 + (code_point & 0x3ff));
    }
}

/// The whole text so, on one line.
inline std::string terminal_text(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        append_shown(result, text);
    }
    return result;
}

}  // namespace meridian
