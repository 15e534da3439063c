// Holds a digest of sixteen octets and its text form.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meridian {

/// Identifies a content: two contents with one digest count as equal. OctetHash makes it.
struct Digest {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    friend constexpr bool operator==(const Digest&, const Digest&) = default;
    friend constexpr auto operator<=>(const Digest&, const Digest&) = default;

    /// 32 small hexadecimal digits.
    [[nodiscard]] std::string to_text() const {
        std::string text(32, '0');
        for (std::size_t i = 0; i < 16; ++i) {
            text[15 - i] = "0123456789abcdef"[(high >> (4 * i)) & 15];
            text[31 - i] = "0123456789abcdef"[(low >> (4 * i)) & 15];
        }
        return text;
    }
    /// Reads what `to_text` writes and nothing else.
    static std::optional<Digest> parse(std::string_view text) {
        if (text.size() != 32) { return {}; }
        Digest digest;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const auto value = std::string_view("0123456789abcdef").find(text[i]);
            if (value == std::string_view::npos) { return {}; }
            std::uint64_t& half = i < 16 ? digest.high : digest.low;
            half = (half << 4) | value;
        }
        return digest;
    }
};

}  // namespace meridian
