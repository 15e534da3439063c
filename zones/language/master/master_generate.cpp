// Expands $GENERATE: puts numbers into patterns, as BIND does.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/master/master_generate.h"

#include <charconv>
#include <system_error>

namespace meridian::zones {
namespace {

constexpr std::uint32_t kMaxNumber = 0x7fffffff;
constexpr std::uint32_t kMaxWidth = 255;  // no name or string is longer

/// Takes a number off the front of `text`; none when there is none or it is too large.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t number = 0;
    const bool has_plus = text.size() > 1 && text[0] == '+' && text[1] >= '0' && text[1] <= '9';
    if (has_plus) { text.remove_prefix(1); }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number > std::int64_t{kMaxNumber}) { return {}; }
    if (number < -std::int64_t{kMaxNumber}) { return {}; }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

std::optional<std::uint32_t> take_count(std::string_view& text) {
    if (text.starts_with('-')) { return {}; }
    const auto number = take_number(text);
    return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

bool take(std::string_view& text, char letter) {
    if (!text.starts_with(letter)) { return false; }
    text.remove_prefix(1);
    return true;
}

struct Format {
    std::int64_t offset = 0;
    std::uint32_t width = 0;
    char base = 'd';
};

/// Takes "{OFFSET,WIDTH,BASE}" off the front of `pattern`, the last two left out or not.
std::optional<Format> take_format(std::string_view& pattern) {
    Format format;
    pattern.remove_prefix(1);
    const auto offset = take_number(pattern);
    if (!offset) { return {}; }
    format.offset = *offset;
    if (take(pattern, ',')) {
        const auto width = take_count(pattern);
        if (!width || *width > kMaxWidth) { return {}; }
        format.width = *width;
        if (take(pattern, ',')) {
            if (pattern.empty()) { return {}; }
            format.base = pattern.front();
            pattern.remove_prefix(1);
        }
    }
    if (!take(pattern, '}')) { return {}; }
    if (std::string_view("doxXnN").find(format.base) == std::string_view::npos) { return {}; }
    return format;
}

void append_nibbles(std::uint32_t number, std::uint32_t width, bool upper, std::string& text) {
    const std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    for (;;) {  // the width counts the dots
        text += digits[number & 0xf];
        number >>= 4;
        width -= width > 0 ? 1 : 0;
        if (number == 0 && width == 0) { return; }
        text += '.';
        width -= width > 0 ? 1 : 0;
        if (number == 0 && width == 0) { return; }
    }
}

/// `width` counts the sign, as printf's does.
void append_decimal(std::int64_t number, std::uint32_t width, std::string& text) {
    const std::string digits = std::to_string(number < 0 ? -number : number);
    const std::size_t sign = number < 0 ? 1 : 0;
    text.append(sign, '-');
    if (digits.size() + sign < width) { text.append(width - digits.size() - sign, '0'); }
    text += digits;
}

void append_number(std::int64_t number, const Format& format, std::string& text) {
    if (format.base == 'd') { return append_decimal(number, format.width, text); }
    const auto octets = static_cast<std::uint32_t>(number);  // below zero: its two's complement
    if (format.base == 'n' || format.base == 'N') {
        return append_nibbles(octets, format.width, format.base == 'N', text);
    }
    char digits[16];
    const int base = format.base == 'o' ? 8 : 16;
    const char* const end = std::to_chars(digits, digits + sizeof digits, octets, base).ptr;
    std::string written(static_cast<const char*>(digits), end);
    if (format.base == 'X') {
        for (char& digit : written) {
            if (digit >= 'a') { digit = static_cast<char>(digit - 'a' + 'A'); }
        }
    }
    if (written.size() < format.width) { text.append(format.width - written.size(), '0'); }
    text += written;
}

}  // namespace

std::string unquoted_pattern(std::string_view word) {
    const std::string_view inner = word.substr(1, word.size() - 2);
    std::string pattern;
    for (std::size_t i = 0; i < inner.size(); ++i) {
        if (inner[i] == '\\' && i + 1 < inner.size()) {
            if (inner[i + 1] != '"') { pattern += '\\'; }
            ++i;
        }
        pattern += inner[i];
    }
    return pattern;
}

bool cut_comment(std::string& pattern) {
    bool is_quoted = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char letter = pattern[i];
        if (letter == '\\') {
            ++i;
        } else if (letter == '"') {
            is_quoted = !is_quoted;
        } else if (letter == ';' && !is_quoted) {
            pattern.resize(i);
            return true;
        } else if ((letter == '(' || letter == ')') && !is_quoted) {
            pattern[i] = ' ';
        }
    }
    return false;
}

std::optional<GenerateRange> read_generate_range(std::string_view text) {
    GenerateRange range;
    const auto first = take_count(text);
    if (!first || !take(text, '-')) { return {}; }
    const auto last = take_count(text);
    if (!last || *last < *first) { return {}; }
    range.first = *first;
    range.last = *last;
    if (take(text, '/')) {
        const auto step = take_count(text);
        if (!step || *step == 0) { return {}; }
        range.step = *step;
    }
    return text.empty() ? std::optional(range) : std::nullopt;
}

bool expand_generate(std::string_view pattern, std::uint32_t number, std::string& text) {
    while (!pattern.empty()) {
        const char letter = pattern.front();
        pattern.remove_prefix(1);
        if (letter == '\\' && !pattern.empty()) {
            text += letter;
            text += pattern.front();
            pattern.remove_prefix(1);
        } else if (letter != '$') {
            text += letter;
        } else if (take(pattern, '$')) {
            text += '$';
        } else {
            Format format;
            if (pattern.starts_with('{')) {
                const auto given = take_format(pattern);
                if (!given) { return false; }
                format = *given;
            }
            const std::int64_t value = number + format.offset;
            if (value > std::int64_t{kMaxNumber}) { return false; }
            append_number(value, format, text);
        }
    }
    return true;
}

}  // namespace meridian::zones
