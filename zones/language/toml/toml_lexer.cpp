// Reads the smallest parts of TOML: blanks, keys, strings, and words such as numbers and dates.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/toml/toml_lexer.h"

#include <algorithm>

#include "meridian/limits.h"
#include "meridian/utf8.h"
#include "zones/language/text/odd_letters.h"
#include "zones/language/text/record_line.h"
#include "zones/language/toml/toml_words.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

bool is_bare_key_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '-';
}

bool ends_word(char letter) {
    return std::string_view(" \t\r\n,;]}#=\"'[{").find(letter) != std::string_view::npos;
}

int hex_digit(char letter) {
    if (letter >= '0' && letter <= '9') { return letter - '0'; }
    if (letter >= 'a' && letter <= 'f') { return letter - 'a' + 10; }
    if (letter >= 'A' && letter <= 'F') { return letter - 'A' + 10; }
    return -1;
}

/// Expects a scalar value of Unicode.
void append_utf8(std::string& text, std::uint32_t character) {
    const auto put = [&text](std::uint32_t octet) { text += static_cast<char>(octet); };
    if (character < 0x80) {
        put(character);
    } else if (character < 0x800) {
        put(0xc0 | character >> 6);
        put(0x80 | (character & 0x3f));
    } else if (character < 0x10000) {
        put(0xe0 | character >> 12);
        put(0x80 | (character >> 6 & 0x3f));
        put(0x80 | (character & 0x3f));
    } else {
        put(0xf0 | character >> 18);
        put(0x80 | (character >> 12 & 0x3f));
        put(0x80 | (character >> 6 & 0x3f));
        put(0x80 | (character & 0x3f));
    }
}

}  // namespace

bool TomlLexer::at_line_end() const {
    return at_end() || peek() == '\n' || looks_at("\r\n");
}

void TomlLexer::skip_spaces() {
    while (true) {
        while (peek() == ' ' || peek() == '\t') {
            ++offset_;
        }
        if (!at_odd_blank()) { return; }
        odd_blank();
    }
}

void TomlLexer::skip_line() {
    offset_ = std::min(text_.text().find('\n', offset_), text_.text().size() - 1) + 1;
}

void TomlLexer::skip_blank_lines() {
    while (!at_end()) {
        skip_spaces();
        if (at_end()) { return; }
        if (peek() != '#' && !at_line_end()) { return; }
        skip_line();
    }
}

bool TomlLexer::end_statement() {
    skip_spaces();
    if (peek() == '#' || at_line_end()) {
        if (!at_end()) { skip_line(); }
        return true;
    }
    if (another_key()) { return true; }
    if (peek() == '}' && has_stray_brace_) { return stray_brace() && end_statement(); }
    if (mark_at_line_end() || foreign_comment()) {
        if (!at_end()) { skip_line(); }
        return true;
    }
    if (last_word_end_ > 0 && end_of_unquoted(last_word_begin_, last_word_end_) > offset_) {
        const std::size_t word_end = end_of_unquoted(last_word_begin_, last_word_end_);  // 10 mail
        return refuse(last_word_begin_, word_end, diagnostics::kUnquotedText,
                      {quoted(text().substr(last_word_begin_, word_end - last_word_begin_))});
    }
    return refuse(offset_, offset_ + 1,
                  peek() == ',' ? diagnostics::kValuesWithoutBrackets : diagnostics::kLineGoesOn);
}

bool TomlLexer::refuse(std::size_t begin, std::size_t end, const DiagnosticKind& kind,
                       std::initializer_list<std::string_view> values) {
    const bool was_to_end =
        &kind == &diagnostics::kLineGoesOn || &kind == &diagnostics::kValuesWithoutBrackets ||
        &kind == &diagnostics::kCommaOrBracket || &kind == &diagnostics::kCommaOrBrace;
    if (was_to_end && report_curly_quote(last_string_begin_, last_string_end_)) { return false; }
    if (was_to_end && begin == last_string_end_ && begin > 0 && begin < text().size() &&
        (is_bare_key_letter(text()[begin]) || text()[begin] == text()[begin - 1])) {
        findings_.report(diagnostics::kQuoteWithin, span(begin, begin + 1).at, path_,
                         {text().substr(begin - 1, 1)});
        return false;
    }
    const bool is_word =
        &kind == &diagnostics::kUnquotedText || &kind == &diagnostics::kUnquotedAddress;
    if (report_look_alike(begin, is_word ? end : begin + 1)) { return false; }
    const std::size_t last = text_.text().size();
    findings_.report(kind, span(std::min(begin, last), std::min(end, last)).at, path_, values);
    return false;
}

std::optional<std::vector<KeyPart>> TomlLexer::key() {
    std::vector<KeyPart> parts;
    while (true) {
        skip_spaces();
        std::optional<KeyPart> part = key_part();
        if (!part) { return {}; }
        parts.push_back(std::move(*part));
        const std::size_t after = offset_;
        skip_spaces();
        if (peek() != '.') {
            offset_ = after;
            return parts;
        }
        ++offset_;
        if (parts.size() == kMaxTomlNesting) {
            refuse(parts.front().begin, offset_, diagnostics::kKeyTooDeep,
                   {std::to_string(kMaxTomlNesting)});
            return {};
        }
    }
}

std::optional<KeyPart> TomlLexer::key_part() {
    KeyPart part{{}, offset_, offset_};
    if (peek() == '"' || peek() == '\'') {
        if (looks_at("\"\"\"") || looks_at("'''")) {
            refuse(offset_, offset_ + 3, diagnostics::kKeyInLongQuotes);
            return {};
        }
        if (!one_line_string(part.text)) { return {}; }
    } else {
        while (is_bare_key_letter(peek())) {
            part.text += text_.text()[offset_++];
        }
    }
    part.end = offset_;
    const bool goes_on = !at_line_end() &&
                         std::string_view(" \t.=]#").find(peek()) == std::string_view::npos &&
                         !at_odd_blank() && !at_colon_for_equals();
    if (part.end > part.begin && !goes_on) { return part; }
    if (!goes_on) {
        refuse(offset_, offset_ + 1, diagnostics::kKeyWanted);
        return {};
    }
    const std::size_t octets = utf8_octets(text_.text(), offset_);
    const std::string letter(text_.text().substr(offset_, octets));
    if (letter == "*" || letter == "@") {
        refuse(offset_, offset_ + octets, diagnostics::kUnquotedSign,
               {quoted(letter), quoted(letter)});
    } else if (letter == "`") {
        refuse(offset_, offset_ + octets, diagnostics::kBackticks);
    } else if (!curly_quote_at(letter, 0).empty()) {
        refuse(offset_, offset_ + octets, diagnostics::kCurlyQuotes, {letter});
    } else {
        refuse(offset_, offset_ + octets, diagnostics::kUnquotedKey, {quoted(letter)});
    }
    return {};
}

bool TomlLexer::string(std::string& content) {
    return looks_at("\"\"\"") || looks_at("'''") ? long_string(content) : one_line_string(content);
}

bool TomlLexer::one_line_string(std::string& content) {
    const std::size_t begin = offset_;
    const char quote = text_.text()[offset_++];
    while (!at_line_end()) {
        const char letter = peek();
        if (letter == quote) {
            ++offset_;
            last_string_begin_ = begin;
            last_string_end_ = offset_;
            return true;
        }
        if (letter == '\\' && quote == '"') {
            if (!escape(content, false)) { return false; }
            continue;
        }
        content += letter;
        ++offset_;
    }
    return refuse_unclosed(begin);
}

/// Reports a typographic quote in a string: in "b.example” it does not close the string, which goes
/// on to the next plain quote or to the end of the line. False where there is none.
bool TomlLexer::report_curly_quote(std::size_t begin, std::size_t end) {
    const std::string_view string = text_.text().substr(0, end);
    for (std::size_t at = begin; at < end; ++at) {
        const std::string_view mark = curly_quote_at(string, at);
        if (mark.empty()) { continue; }
        refuse(at, at + mark.size(), diagnostics::kCurlyQuotes, {mark});
        return true;
    }
    return false;
}

bool TomlLexer::refuse_unclosed(std::size_t begin) {
    if (report_curly_quote(begin, offset_)) { return false; }
    return refuse(begin, offset_, diagnostics::kQuoteMissing, {text_.text().substr(begin, 1)});
}

bool TomlLexer::long_string(std::string& content) {
    const std::size_t begin = offset_;
    const std::string_view quotes = text_.text().substr(offset_, 3);
    offset_ += 3;
    // A line end right behind the quotes is no part of the content (TOML 1.0, "String").
    if (looks_at("\r\n")) { ++offset_; }
    if (looks_at("\n")) { ++offset_; }
    while (!at_end()) {
        if (looks_at(quotes)) {
            offset_ += 3;
            // Up to two more quotes belong to the content.
            for (int i = 0; i < 2 && peek() == quotes[0]; ++i) {
                content += text_.text()[offset_++];
            }
            return true;
        }
        if (peek() == '\\' && quotes[0] == '"') {
            if (!escape(content, true)) { return false; }
        } else {
            content += text_.text()[offset_++];
        }
    }
    return refuse(begin, begin + 3, diagnostics::kLongQuoteMissing, {quotes});
}

bool TomlLexer::escape(std::string& content, bool long_form) {
    static constexpr std::string_view kLetters = "btnfr\"\\";
    static constexpr std::string_view kMeanings = "\b\t\n\f\r\"\\";
    const std::size_t begin = offset_++;
    const char letter = peek();
    const std::size_t known = kLetters.find(letter);
    if (!at_end() && known != std::string_view::npos) {
        content += kMeanings[known];
        ++offset_;
        return true;
    }
    if (letter == 'u' || letter == 'U') {
        const std::size_t digits = letter == 'u' ? 4 : 8;
        std::uint32_t character = 0;
        ++offset_;
        for (std::size_t i = 0; i < digits; ++i, ++offset_) {
            const int digit = hex_digit(peek());
            if (digit < 0) {
                return refuse(begin, offset_, diagnostics::kEscapeTooShort,
                              {text_.text().substr(begin, 2), std::to_string(digits)});
            }
            character = character << 4 | static_cast<std::uint32_t>(digit);
        }
        if (character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff)) {
            return refuse(begin, offset_, diagnostics::kNoCharacter);
        }
        append_utf8(content, character);
        return true;
    }
    if (long_form) {  // a backslash at the end of a line takes away all blanks that follow
        const std::size_t behind = offset_;
        skip_spaces();
        if (!at_end() && at_line_end()) {
            offset_ = std::min(text().find_first_not_of(" \t\r\n", offset_), text().size());
            return true;
        }
        offset_ = behind;
    }
    return refuse(begin, begin + 2, diagnostics::kNoEscape);
}

bool TomlLexer::word(TomlData& value) {
    const std::size_t begin = offset_;
    while (!at_end() && !ends_word(peek()) && !at_odd_blank() &&
           (peek() != ')' || !closings_.ends_with(')'))) {
        ++offset_;
    }
    // A date and a time may stand apart by one space (RFC 3339 §5.6).
    if (is_toml_date(text_.text().substr(begin, offset_ - begin)) && peek() == ' ' &&
        offset_ + 1 < text_.text().size() && hex_digit(text_.text()[offset_ + 1]) >= 0) {
        ++offset_;
        while (!at_end() && !ends_word(peek())) {
            ++offset_;
        }
    }
    const std::string_view text = text_.text().substr(begin, offset_ - begin);
    if (text.empty()) { return refuse(begin, begin + 1, diagnostics::kValueWanted); }
    TomlWord read = read_toml_word(text);
    if (read.fault != nullptr) {
        const std::size_t end = end_of_unquoted(begin, offset_);
        if (end == offset_) { return refuse(begin, end, *read.fault, {read.shown}); }
        return refuse(begin, end, diagnostics::kUnquotedText,
                      {quoted(text_.text().substr(begin, end - begin))});
    }
    last_word_begin_ = begin;
    last_word_end_ = offset_;
    value = std::move(read.value);
    return true;
}

}  // namespace meridian::zones
