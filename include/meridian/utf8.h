// Recognises well-formed UTF-8, and replaces octets that are not.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace meridian {

/// U+FEFF, which some editors put in front of a text.
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// U+FFFD, which stands for an octet that is not UTF-8.
constexpr std::string_view kReplacementCharacter = "\xef\xbf\xbd";

/// Whether the octet is one of a character, but not its first.
constexpr bool continues_character(char octet) {
    return (static_cast<unsigned char>(octet) & 0xc0) == 0x80;
}

/// Counts characters, whether or not the text is valid: octets that continue none.
constexpr std::size_t count_characters(std::string_view text) {
    return text.size() -
           static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_character));
}

constexpr bool is_ascii(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char octet) { return (octet & 0x80) != 0; });
}

/// The octets of the well-formed UTF-8 character at `offset` (RFC 3629 §4: no overlong forms, no
/// surrogates, nothing above U+10FFFF), or 0. Expects offset < text.size().
inline std::size_t utf8_octets(std::string_view text, std::size_t offset) {
    const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[offset + i]); };
    const std::uint8_t lead = octet(0);
    if (lead < 0x80) { return 1; }
    const std::size_t octets = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() - offset < octets) { return 0; }
    for (std::size_t i = 1; i < octets; ++i) {
        if ((octet(i) & 0xc0) != 0x80) { return 0; }
    }
    const std::uint8_t second = octet(1);
    const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
    const bool surrogate = lead == 0xed && second > 0x9f;
    const bool beyond = lead == 0xf4 && second > 0x8f;
    return overlong || surrogate || beyond ? 0 : octets;
}

/// The number of a well-formed character; expects just its octets.
constexpr std::uint32_t code_point_of(std::string_view character) {
    std::uint32_t number = 0;
    for (const char letter : character) {
        const auto octet = static_cast<unsigned char>(letter);
        // The lead octet of n octets has its number in the lowest 7 - n bits; of one, in 7.
        const std::uint32_t of_lead =
            character.size() == 1 ? octet & 0x7fU : octet & (0x7fU >> character.size());
        number = continues_character(letter) ? number << 6 | (octet & 0x3fU) : of_lead;
    }
    return number;
}

/// The text with U+FFFD in the place of each octet that is not UTF-8: file names may hold any
/// octets, and JSON is UTF-8 (RFC 8259 §8.1).
inline std::string valid_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t offset = 0; offset < text.size();) {
        const std::size_t octets = utf8_octets(text, offset);
        result += octets == 0 ? kReplacementCharacter : text.substr(offset, octets);
        offset += std::max<std::size_t>(octets, 1);
    }
    return result;
}

}  // namespace meridian
