// Tells which octets are characters of UTF-8, and replaces those that are not.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace meridian {

/// Octets of the well-formed UTF-8 character at `offset` (RFC 3629 §4: no overlong forms, no
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

/// The text with U+FFFD in the place of each octet that is no UTF-8: names of files are whatever
/// the file system holds, and JSON is UTF-8 (RFC 8259 §8.1).
inline std::string valid_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t offset = 0; offset < text.size();) {
        const std::size_t octets = utf8_octets(text, offset);
        result += octets == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(offset, octets);
        offset += std::max<std::size_t>(octets, 1);
    }
    return result;
}

}  // namespace meridian
