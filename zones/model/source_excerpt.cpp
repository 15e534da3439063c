// Shows the part of a source line that a diagnostic points at.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/source_excerpt.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "meridian/limits.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kShownCharacters = 160;  // of a source line: two lines of a terminal
constexpr std::size_t kShownBefore = 60;       // of them before the place pointed at
// Of a line that is cut: more than is shown, so that one sees that it goes on at both ends.
constexpr std::size_t kKeptBefore = 2 * kShownBefore;
constexpr std::size_t kKeptOctets = 4 * 2 * kShownCharacters;  // UTF-8 has up to four a character

bool continues_character(char octet) {
    return (static_cast<unsigned char>(octet) & 0xc0) == 0x80;
}

/// One string a character, so that columns can be counted.
std::vector<std::string> characters(std::string_view line) {
    std::vector<std::string> result;
    for (const char octet : line) {
        const bool control = static_cast<unsigned char>(octet) < 0x20 || octet == 0x7f;
        if (!result.empty() && is_c1_control(result.back()[0], octet)) {
            result.back() = "\u00b7";
        } else if (continues_character(octet) && !result.empty()) {
            result.back() += octet;
        } else if (control && octet != '\t') {
            result.emplace_back("\u00b7");
        } else {
            result.emplace_back(1, octet);
        }
    }
    return result;
}

}  // namespace

bool is_c1_control(char first, char second) {
    return first == '\xc2' && static_cast<unsigned char>(second) >= 0x80 &&
           static_cast<unsigned char>(second) < 0xa0;
}

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
    const std::vector<std::string> line = characters(part.text);
    const std::size_t marked = column < part.from ? 0 : column - part.from;
    const bool cut = part.from > 1 || line.size() > kShownCharacters;
    const std::size_t first = cut && marked > kShownBefore ? marked - kShownBefore : 0;
    const std::size_t last = std::min(line.size(), first + kShownCharacters);

    Excerpt excerpt;
    if (first > 0) { excerpt = {"...", "   ", {}}; }
    for (std::size_t i = first; i < last; ++i) {
        excerpt.source += line[i];
        // A tab is as wide below as above.
        if (i < marked) { excerpt.blank += line[i] == "\t" ? "\t" : " "; }
    }
    if (last < line.size()) { excerpt.source += "..."; }
    const std::size_t room = last > marked ? last - marked : 1;
    excerpt.marks = std::string(std::clamp<std::size_t>(length, 1, room), '^');
    return excerpt;
}

}  // namespace meridian::zones
