// Finds the value of an enumeration by its word.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace meridian {

/// `words` are those of the values, in their order. None where `text` is no such word.
template <typename Enum, std::size_t kCount>
constexpr std::optional<Enum> enum_from_text(const std::array<std::string_view, kCount>& words,
                                             std::string_view text) {
    const auto found = std::ranges::find(words, text);
    if (found == words.end()) { return {}; }
    return static_cast<Enum>(found - words.begin());
}

}  // namespace meridian
