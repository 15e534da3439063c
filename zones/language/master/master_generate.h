// Expands $GENERATE: puts numbers into patterns, as BIND does.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meridian::zones {

/// "1-254" or "0-254/2".
struct GenerateRange {
    std::uint32_t first = 0;
    std::uint32_t last = 0;  ///< Not below `first`.
    std::uint32_t step = 1;  ///< Not 0.

    [[nodiscard]] std::uint64_t count() const { return (std::uint64_t{last} - first) / step + 1; }
};

/// None for any other text, and for numbers over 2147483647.
std::optional<GenerateRange> read_generate_range(std::string_view text);

/// What stands between the quotes of a word, `\"` in it as `"`. Expects quotes around it.
std::string unquoted_pattern(std::string_view word);

/// Cuts off what would be a comment in a line of its own, and takes out parentheses. True if a
/// comment was there.
bool cut_comment(std::string& pattern);

/// Appends `pattern` to `text` with `number` in place of each `$`. `${OFFSET,WIDTH,BASE}` adds an
/// offset, fills up with zeros and writes in base d, o, x or X, or as reversed nibbles, n or N;
/// a sum below zero is written as C's printf does. `$$` and `\$` are a plain `$`, the latter with
/// its backslash. False when braces enclose something else or the sum is over 2147483647.
bool expand_generate(std::string_view pattern, std::uint32_t number, std::string& text);

}  // namespace meridian::zones
