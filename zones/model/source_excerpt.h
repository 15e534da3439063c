// Shows the part of a source line that a diagnostic points at.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace meridian::zones {

/// Whether the two octets are one of U+0080 to U+009F, which some terminals obey as they obey ESC.
bool is_c1_control(char first, char second);

struct SourcePart {
    std::string text;
    std::uint32_t from = 1;  ///< The column of its first character.
};

/// What a diagnostic keeps of a line to point at `column`: all of it, unless it is longer than any
/// line should be. A file of a gigabyte may be one line, and each of its diagnostics keeps a part.
SourcePart part_to_keep(std::string_view line, std::uint32_t column);

/// The line cut to what fits on a terminal, and marks for a line below it that point at `length`
/// characters from `column` on. What would move a terminal's cursor is replaced.
struct Excerpt {
    std::string source;
    std::string blank;  ///< As wide as what stands in front of the marks.
    std::string marks;
};
Excerpt excerpt_of(const SourcePart& part, std::uint32_t column, std::uint32_t length);

}  // namespace meridian::zones
