// Recognises letters that look like plain ones: quotes, dashes, blanks, and those of other scripts.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/text/odd_letters.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <span>

#include "meridian/utf8.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

constexpr std::array<std::string_view, 10> kQuotes{"\u201c", "\u201d", "\u201e", "\u2018",
                                                   "\u2019", "\u201a", "\u00ab", "\u00bb",
                                                   "\uff02", "\uff07"};
constexpr std::array<std::string_view, 19> kOddBlanks{
    "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
    "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u200b",
    "\u202f", "\u205f", "\u2060", "\u3000", "\ufeff"};
constexpr std::array<std::string_view, 4> kDashes{"\u2010", "\u2013", "\u2014", "\u2212"};

/// Letters of other scripts that fonts draw like those of ASCII. Whole words of them are meant.
constexpr std::u32string_view kLikeLetters =
    U"\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u043a"  // Cyrillic
    U"\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0423\u0406\u0408\u0405"
    U"\u03bf\u03b1\u03bd\u03b9\u03c1\u03ba"  // Greek
    U"\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    U"\u0131";  // i without a dot
constexpr std::string_view kTheirLetters =
    "aeopcyxijsdhk"
    "ABEKMHOPCTXYIJS"
    "oavipk"
    "ABEZHIKMNOPTYX"
    "i";
static_assert(kLikeLetters.size() == kTheirLetters.size());

/// What an input method for Chinese or Japanese writes for the signs of ASCII, and dashes.
char plain_sign(std::uint32_t code_point) {
    constexpr std::uint32_t kFullWidth = 0xff00 - 0x20;  // of U+FF01 to U+FF5E, those of ASCII
    if (code_point > 0xff00 && code_point < 0xff5f) {
        return static_cast<char>(code_point - kFullWidth);
    }
    if (code_point == 0x3001) { return ','; }
    if (code_point == 0x3002) { return '.'; }
    return code_point == 0x2010 || code_point == 0x2013 || code_point == 0x2014 ||
                   code_point == 0x2212
               ? '-'
               : '\0';
}

char plain_letter(std::uint32_t code_point) {
    const std::size_t at = kLikeLetters.find(static_cast<char32_t>(code_point));
    return at == std::u32string_view::npos ? '\0' : kTheirLetters[at];
}

bool is_of_word(char letter) {
    return (letter & 0x80) != 0 || (letter >= '0' && letter <= '9') ||
           ((letter | 0x20) >= 'a' && (letter | 0x20) <= 'z');
}

/// Whether a word that has look-alikes was typed in the wrong script: it has letters of ASCII, too,
/// or is one letter alone, and has no other letters.
bool is_mixed(std::string_view word) {
    std::size_t plain_count = 0;
    std::size_t count = 0;
    while (!word.empty()) {
        const std::size_t octets = std::max<std::size_t>(utf8_octets(word, 0), 1);
        const std::string_view character = word.substr(0, octets);
        word.remove_prefix(octets);
        ++count;
        if (is_ascii(character)) {
            ++plain_count;
        } else if (plain_letter(code_point_of(character)) == '\0') {
            return false;
        }
    }
    return plain_count > 0 || count == 1;
}

bool is_without_width(std::string_view blank) {
    return blank == "\u200b" || blank == "\u2060" || blank == "\ufeff";
}

std::string_view one_of(std::span<const std::string_view> characters, std::string_view text,
                        std::size_t offset) {
    const std::string_view rest = text.substr(std::min(offset, text.size()));
    if (rest.empty() || static_cast<unsigned char>(rest[0]) < 0x80) { return {}; }
    for (const std::string_view character : characters) {
        if (rest.starts_with(character)) { return rest.substr(0, character.size()); }
    }
    return {};
}

}  // namespace

std::string_view curly_quote_at(std::string_view text, std::size_t offset) {
    return one_of(kQuotes, text, offset);
}

std::string_view odd_blank_at(std::string_view text, std::size_t offset) {
    return one_of(kOddBlanks, text, offset);
}

std::string_view odd_dash_at(std::string_view text, std::size_t offset) {
    return one_of(kDashes, text, offset);
}

char look_alike_at(std::string_view text, std::size_t offset) {
    if (offset >= text.size() || (text[offset] & 0x80) == 0) { return '\0'; }
    const std::size_t octets = utf8_octets(text, offset);
    if (octets == 0) { return '\0'; }
    const std::uint32_t code = code_point_of(text.substr(offset, octets));
    if (const char sign = plain_sign(code)) { return sign; }
    const char letter = plain_letter(code);
    if (letter == '\0') { return letter; }
    constexpr std::size_t kMostOctets = 64;  // on each side; no label has more
    std::size_t begin = offset;
    while (begin > 0 && offset - begin < kMostOctets && is_of_word(text[begin - 1])) {
        --begin;
    }
    std::size_t end = offset + octets;
    while (end < text.size() && end - offset < kMostOctets && is_of_word(text[end])) {
        ++end;
    }
    return is_mixed(text.substr(begin, end - begin)) ? letter : '\0';
}

std::string describe_look_alike(std::string_view character, char plain) {
    return "a letter that only looks like " + quoted(std::string(1, plain)) + " (" +
           code_point(character) + ")";
}

std::string code_point(std::string_view character) {
    char text[16];
    std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(code_point_of(character)));
    return text;
}

std::string describe_odd(std::string_view character) {
    return odd_blank_at(character, 0).empty()
               ? "a typographic quotation mark"
               : "a blank that is no plain space (" + code_point(character) + ")";
}

bool report_odd_letter(std::string_view text, TextPosition at, const std::string& key,
                       Findings& findings) {
    const auto plain = typed_anew(text);
    if (!plain) { return false; }
    findings.report(
        diagnostics::kOddLetterWithin, at, key,
        {quoted(text),
         plain->look_alike == '\0' ? describe_odd(plain->first_odd)
                                   : describe_look_alike(plain->first_odd, plain->look_alike),
         key.empty() ? plain->text : quoted(plain->text)});
    return true;
}

std::optional<PlainText> typed_anew(std::string_view text) {
    PlainText plain;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view quote = curly_quote_at(text, at);
        const std::string_view blank = odd_blank_at(text, at);
        const char look_alike = look_alike_at(text, at);
        const std::string_view odd = look_alike != '\0' ? text.substr(at, utf8_octets(text, at))
                                     : quote.empty()    ? blank
                                                        : quote;
        if (odd.empty()) {
            plain.text += text[at++];
            continue;
        }
        if (plain.first_odd.empty()) {
            plain.first_odd = odd;
            plain.look_alike = quote.empty() ? look_alike : '\0';
        }
        if (look_alike != '\0' && quote.empty()) { plain.text += look_alike; }
        if (!blank.empty() && !is_without_width(blank)) { plain.text += ' '; }
        at += odd.size();
    }
    if (plain.first_odd.empty()) { return {}; }
    const std::size_t last = plain.text.find_last_not_of(' ');
    plain.text.erase(last == std::string::npos ? 0 : last + 1);
    plain.text.erase(0, std::min(plain.text.find_first_not_of(' '), plain.text.size()));
    return plain;
}

}  // namespace meridian::zones
