// Shows the part of a source line that a diagnostic points at.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/source_excerpt.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "meridian/limits.h"
#include "meridian/terminal_text.h"
#include "meridian/utf8.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kShownCharacters = 160;  // of a source line: two lines of a terminal
constexpr std::size_t kShownBefore = 60;       // of them before the column pointed at
// Of a line that is cut: more than is shown, so that the excerpt shows where it was cut.
constexpr std::size_t kKeptBefore = 2 * kShownBefore;
constexpr std::size_t kKeptOctets = 4 * 2 * kShownCharacters;  // UTF-8 has up to four a character

/// What one column of a line looks like on a terminal.
struct Cell {
    std::string shown;
    std::size_t width;  ///< In characters: an escape has several.
};

/// A column is an octet that continues no character, with the octets behind it that do: so columns
/// are counted everywhere, also where a master file is no UTF-8.
std::vector<Cell> cells(std::string_view line) {
    std::vector<Cell> result;
    while (!line.empty()) {
        std::size_t octets = 1;
        while (octets < line.size() && continues_character(line[octets])) {
            ++octets;
        }
        const std::string_view column = line.substr(0, octets);
        line.remove_prefix(octets);
        const std::string shown = column == "\t" ? "\t" : terminal_text(column);
        result.push_back({shown, count_characters(shown)});
    }
    return result;
}

}  // namespace

SourcePart part_to_keep(std::string_view line, std::uint32_t column) {
    if (line.size() <= kMaxTomlLineOctets) { return {std::string(line)}; }
    const std::uint32_t from =
        column > kKeptBefore ? column - static_cast<std::uint32_t>(kKeptBefore) : 1;
    std::size_t begin = 0;
    for (std::uint32_t at = 1; begin < line.size(); ++begin) {
        if (begin > 0 && !continues_character(line[begin])) { ++at; }
        if (at == from) { break; }
    }
    std::string_view part = line.substr(begin, kKeptOctets);
    while (begin + part.size() < line.size() && !part.empty() &&
           continues_character(line[begin + part.size()])) {
        part.remove_suffix(1);
    }
    return {std::string(part), from};
}

Excerpt excerpt_of(const SourcePart& part, std::uint32_t column, std::uint32_t length) {
    const std::vector<Cell> line = cells(part.text);
    const std::size_t marked = column < part.from ? 0 : column - part.from;
    const bool cut = part.from > 1 || line.size() > kShownCharacters;
    const std::size_t first = cut && marked > kShownBefore ? marked - kShownBefore : 0;
    const std::size_t last = std::min(line.size(), first + kShownCharacters);
    const std::size_t end_of_marks = marked + std::max<std::uint32_t>(length, 1);

    Excerpt excerpt;
    if (first > 0) {
        excerpt.source += "...";
        excerpt.blank += "   ";
    }
    for (std::size_t i = first; i < last; ++i) {
        const auto& [shown, width] = line[i];
        excerpt.source += shown;
        if (i < marked) {  // a tab is as wide below as above
            excerpt.blank += shown == "\t" ? "\t" : std::string(width, ' ');
        } else if (i < end_of_marks) {
            excerpt.marks += std::string(width, '^');
        }
    }
    if (last < line.size()) { excerpt.source += "..."; }
    if (excerpt.marks.empty()) { excerpt.marks += '^'; }  // the fault is that the line ends
    return excerpt;
}

}  // namespace meridian::zones
