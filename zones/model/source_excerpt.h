// Shows the part of a source line that a diagnostic points at.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace meridian::zones {

struct SourcePart {
    std::string text;
    std::uint32_t from = 1;  ///< The column of its first character.
};

/// The part of a line that a diagnostic stores to point at `column`: all of it, or a part of a very
/// long line. A file of a gigabyte may be one line, and each of its diagnostics stores a part.
SourcePart part_to_keep(std::string_view line, std::uint32_t column);

/// The line, cut to fit a terminal, and the marks for the line below, which point at `length`
/// characters from `column` on. Text is shown as terminal_text shows it.
struct Excerpt {
    std::string source;
    std::string blank;  ///< As wide as the text in front of the marks.
    std::string marks;
};
Excerpt excerpt_of(const SourcePart& part, std::uint32_t column, std::uint32_t length);

}  // namespace meridian::zones
