// Reports slips in TOML, such as ":" for "=", and reads them as what was meant.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "meridian/utf8.h"
#include "zones/language/text/blanks.h"
#include "zones/language/text/odd_letters.h"
#include "zones/language/text/record_line.h"
#include "zones/language/toml/toml_lexer.h"
#include "zones/model/diagnostic_kinds.h"

// Reading goes on behind such a slip, so that one wrong mark does not make errors of what follows.
// The file is refused all the same: each slip is an error.
namespace meridian::zones {
namespace {

/// Whether a value may begin with it.
bool begins_value(char letter) {
    return std::string_view("\"'[{0123456789").find(letter) != std::string_view::npos;
}

}  // namespace

bool TomlLexer::is_first_on_line(std::size_t begin, std::size_t& reported_line) {
    const std::size_t line = span(begin, begin).at.line;
    const bool is_first = line != reported_line;
    reported_line = line;
    return is_first;
}

bool TomlLexer::at_odd_blank() const {
    return !odd_blank_at(text_.text(), offset_).empty();
}

void TomlLexer::odd_blank() {
    const std::string_view blank = odd_blank_at(text_.text(), offset_);
    if (is_first_on_line(offset_, odd_blank_line_)) {
        refuse(offset_, offset_ + blank.size(), diagnostics::kOddBlank, {code_point(blank)});
    }
    offset_ += blank.size();
}

/// TOML has no ":" behind a bare key; one in front of a blank or of a value was meant as "=".
bool TomlLexer::at_colon_for_equals() const {
    if (peek() != ':') { return false; }
    const std::string_view rest = first_line(text_.text().substr(offset_ + 1));
    return rest.empty() || std::string_view(" \t=\"'[{").find(rest[0]) != std::string_view::npos ||
           !odd_blank_at(rest, 0).empty();
}

bool TomlLexer::equals() {
    const std::size_t begin = offset_;
    if (peek() == ':') {
        offset_ += std::string_view(looks_at(":=") ? ":=" : ":").size();
        refuse(begin, offset_, diagnostics::kColonForEquals);
        return !at_line_end();  // else YAML, whose value follows on the next lines
    }
    if (peek() != '=') { return refuse(begin, begin + 1, diagnostics::kEqualsWanted); }
    ++offset_;
    while (peek() == '=' || peek() == '>') {
        ++offset_;
    }
    if (offset_ > begin + 1) {
        refuse(begin, offset_, diagnostics::kOneEquals,
               {quoted(text_.text().substr(begin, offset_ - begin))});
    }
    return true;
}

bool TomlLexer::mark_at_line_end() {
    if (peek() != ',' && peek() != ';') { return false; }
    const std::string_view rest =
        without_leading_blanks(first_line(text_.text().substr(offset_ + 1)));
    if (!rest.empty() && rest[0] != '#') { return false; }
    refuse(offset_, offset_ + 1, diagnostics::kMarkAtLineEnd,
           {quoted(text_.text().substr(offset_, 1))});
    ++offset_;
    return true;
}

/// Takes the mark in front of another key: x.a = "192.0.2.1"; y.a = "192.0.2.2"
bool TomlLexer::another_key() {
    if (peek() != ',' && peek() != ';') { return false; }
    const std::string_view next = without_leading_blanks(text().substr(offset_ + 1));
    if (!begins_statement(next)) { return false; }
    const std::string mark = quoted(text().substr(offset_, 1));
    offset_ = text().size() - next.size();
    refuse(offset_, offset_ + 1, diagnostics::kAnotherKeyOnLine, {mark});
    return true;
}

bool TomlLexer::stray_brace() {
    if (peek() != '{' && peek() != '}') { return false; }
    if (!has_stray_brace_) { refuse(offset_, offset_ + 1, diagnostics::kStrayBrace); }
    has_stray_brace_ = true;
    ++offset_;
    return true;
}

bool TomlLexer::at_foreign_brackets() const {
    std::string_view next = rest();
    if (!next.starts_with('(') && !next.starts_with('{')) { return false; }
    const bool is_brace = next.starts_with('{');
    next.remove_prefix(std::min(next.find_first_not_of(" \t\r\n", 1), next.size()));
    const bool is_string = next.starts_with('"') || next.starts_with('\'');
    if (!is_brace) { return is_string || (!next.empty() && begins_value(next[0])); }
    const std::size_t end = is_string ? next.find(next[0], 1) : std::string_view::npos;
    if (end == std::string_view::npos) { return false; }
    const std::size_t behind = next.find_first_not_of(" \t\r\n", end + 1);
    return behind != std::string_view::npos && (next[behind] == ',' || next[behind] == '}');
}

/// Reports the first letter in the text from `begin` on that only looks like one of ASCII.
bool TomlLexer::report_look_alike(std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < std::min(end, text().size()); ++at) {
        const char plain = look_alike_at(text(), at);
        if (plain == '\0') { continue; }
        const std::string_view letter = text().substr(at, utf8_octets(text(), at));
        findings_.report(
            diagnostics::kLookAlike, span(at, at + letter.size()).at, path_,
            {quoted(letter), describe_look_alike(letter, plain), std::string_view(&plain, 1)});
        return true;
    }
    return false;
}

/// Where a value ends that lacks its quotes, and whose first word ends at `end`: there, or with the
/// line, or with the brackets around it: `v=spf1 mx -all`.
std::size_t TomlLexer::end_of_unquoted(std::size_t begin, std::size_t end) const {
    const std::string_view line = first_line(text().substr(begin));
    const std::size_t word = end - begin;
    const std::string_view behind =
        without_leading_blanks(line.substr(std::min(word, line.size())));
    const std::string marks = closings_.empty() ? "" : std::string(",#") + closings_.back();
    const std::string stops = ",;]}#" + marks;
    if (behind.empty() || stops.find(behind[0]) != std::string::npos) { return end; }
    std::size_t last = std::min(line.find_first_of(marks, word), line.size());
    for (std::size_t at = word; at + 1 < last; ++at) {
        const std::string_view mark = foreign_comment_mark(line.substr(at + 1));
        const bool is_comment = line[at + 1] == '#' || (!mark.empty() && mark != ";");
        if (kBlanks.find(line[at]) != std::string_view::npos && is_comment) { last = at; }
    }
    return begin + line.substr(0, last).find_last_not_of(" \t,;") + 1;
}

bool TomlLexer::semicolon_between_values() {
    skip_spaces();
    if (peek() != ';') { return false; }
    const std::string_view rest =
        without_leading_blanks(first_line(text_.text().substr(offset_ + 1)));
    if (!rest.empty() && rest[0] != '#' && !begins_value(rest[0])) { return false; }  // a comment
    refuse(offset_, offset_ + 1, diagnostics::kSemicolonBetweenValues);
    ++offset_;
    return true;
}

bool TomlLexer::foreign_comment() {
    const std::string_view mark = foreign_comment_mark(rest());
    if (mark.empty()) { return false; }
    const std::size_t begin = offset_;
    const std::size_t line_end = begin + first_line(rest()).size();
    // An end that is missing once is not searched again: the time for a file of such lines would
    // grow with the square of their number.
    const std::string_view closing = mark == "/*" ? "*/" : mark == "<!--" ? "-->" : "";
    const bool may_end = !closing.empty() && !comment_stays_open_;
    const std::size_t end = may_end ? text_.text().find(closing, begin) : std::string_view::npos;
    comment_stays_open_ |= may_end && end == std::string_view::npos;
    offset_ = end == std::string_view::npos ? line_end : end + closing.size();
    refuse(begin, begin + mark.size(), diagnostics::kForeignComment, {quoted(mark)});
    return true;
}

bool TomlLexer::at_foreign_quote() const {
    return peek() == '`' || !curly_quote_at(text_.text(), offset_).empty();
}

bool TomlLexer::foreign_string() {
    const std::size_t begin = offset_;
    const std::string_view line = first_line(rest());
    const std::string_view opening = peek() == '`' ? line.substr(0, 1) : curly_quote_at(line, 0);
    std::size_t at = opening.size();
    std::string_view closing;
    for (; at < line.size() && closing.empty(); ++at) {
        closing = opening == "`" ? (line[at] == '`' ? line.substr(at, 1) : std::string_view())
                                 : curly_quote_at(line, at);
    }
    // Without a closing quote the string ends where a word would.
    const bool is_closed = !closing.empty();
    const std::size_t octets =
        is_closed ? at - 1 + closing.size() : std::min(line.find_first_of(" ,]}"), line.size());
    offset_ += octets;
    if (is_first_on_line(begin, foreign_quote_line_)) {
        if (opening == "`") {
            refuse(begin, offset_, diagnostics::kBackticks);
        } else {
            refuse(begin, offset_, diagnostics::kCurlyQuotes, {opening});
        }
    }
    return is_closed;
}

}  // namespace meridian::zones
