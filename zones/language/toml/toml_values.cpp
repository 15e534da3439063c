// Reads the values of TOML: strings, words, arrays, and tables in braces.
//
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "meridian/limits.h"
#include "zones/language/text/record_line.h"
#include "zones/language/toml/toml_reader.h"

namespace meridian::zones {

bool TomlReader::value(TomlValue& into, std::size_t depth) {
    const std::size_t begin = lexer_.offset();
    bool fine = false;
    switch (lexer_.peek()) {
        case '"':
        case '\'':
            fine = lexer_.string(into.data.emplace<std::string>());
            break;
        case '[':
        case '(':
        case '{':
            fine = bracketed(into, depth);
            break;
        default:
            fine = lexer_.at_foreign_quote() ? lexer_.foreign_string() : lexer_.word(into.data);
            break;
    }
    if (fine) { into.span = lexer_.span(begin, lexer_.offset()); }
    return fine;
}

/// Reads a value in brackets, be they of TOML or of another notation.
bool TomlReader::bracketed(TomlValue& into, std::size_t depth) {
    const std::size_t begin = lexer_.offset();
    const char opening = lexer_.peek();
    const bool is_foreign = lexer_.at_foreign_brackets();
    if (opening == '(' && !is_foreign) { return lexer_.word(into.data); }
    if (depth >= kMaxTomlNesting) { return too_deep(begin); }
    const char closing = opening == '[' ? ']' : opening == '{' ? '}' : ')';
    if (is_foreign) {
        lexer_.refuse(begin, begin + 1, diagnostics::kForeignBrackets,
                      {std::string_view(&opening, 1), std::string_view(&closing, 1)});
    }
    lexer_.enter(closing);
    const bool fine =
        opening == '{' && !is_foreign ? inline_table(into, depth) : array(into, depth + 1, closing);
    lexer_.leave();
    return fine;
}

bool TomlReader::array(TomlValue& into, std::size_t depth, char closing) {
    const std::size_t begin = lexer_.offset();
    TomlArray result;
    lexer_.skip(1);
    while (true) {
        const std::size_t behind_last = lexer_.offset();
        skip_within_array();
        if (lexer_.peek() == closing) { break; }
        if (is_unclosed(begin, behind_last)) { break; }
        in_brackets_ = true;
        if (lexer_.at_end()) {
            return lexer_.refuse(begin, begin + 1, diagnostics::kBracketMissing);
        }
        if (!value(result.items.emplace_back(), depth)) { return false; }
        const std::size_t behind_value = lexer_.offset();
        const bool had_semicolon = lexer_.semicolon_between_values();
        skip_within_array();
        if (had_semicolon) { continue; }
        if (lexer_.peek() == ',') {
            lexer_.skip(1);
        } else if (lexer_.at_end()) {
            return lexer_.refuse(begin, begin + 1, diagnostics::kBracketMissing);
        } else if (lexer_.peek() != closing) {
            if (!is_unclosed(begin, behind_value)) {
                return lexer_.refuse(lexer_.offset(), lexer_.offset() + 1,
                                     diagnostics::kCommaOrBracket);
            }
            break;
        }
    }
    if (lexer_.peek() == closing) { lexer_.skip(1); }
    in_brackets_ = false;
    into.data = std::move(result);
    return true;
}

/// Reports an array that goes on into the next statement, and goes back in front of that.
bool TomlReader::is_unclosed(std::size_t begin, std::size_t behind_last) {
    const std::string_view between =
        lexer_.text().substr(behind_last, lexer_.offset() - behind_last);
    if (between.find('\n') == std::string_view::npos || !begins_statement(lexer_.rest())) {
        return false;
    }
    lexer_.refuse(begin, begin + 1, diagnostics::kBracketMissing);
    lexer_.go_back(behind_last);
    in_brackets_ = false;
    return true;
}

/// Skips blanks, line ends, comments, and comments of other notations.
void TomlReader::skip_within_array() {
    do {
        lexer_.skip_blank_lines();
    } while (lexer_.foreign_comment());
}

bool TomlReader::inline_table(TomlValue& into, std::size_t depth) {
    const std::size_t begin = lexer_.offset();
    const std::string path = lexer_.path();
    TomlTable result;
    lexer_.skip(1);
    lexer_.skip_spaces();
    while (lexer_.peek() != '}') {
        if (lexer_.at_line_end() || lexer_.peek() == '#') {
            in_brackets_ = true;
            return lexer_.refuse(begin, begin + 1, diagnostics::kBraceOverLines);
        }
        if (!assignment(result, path, depth)) { return false; }
        lexer_.skip_spaces();
        if (lexer_.peek() == ',') {
            const std::size_t comma = lexer_.offset();
            lexer_.skip(1);
            lexer_.skip_spaces();
            if (lexer_.peek() == '}') {
                return lexer_.refuse(comma, comma + 1, diagnostics::kCommaBeforeBrace);
            }
        } else if (lexer_.peek() != '}' && !lexer_.at_line_end()) {
            return lexer_.refuse(lexer_.offset(), lexer_.offset() + 1, diagnostics::kCommaOrBrace);
        }
    }
    lexer_.skip(1);
    // Not before: dotted keys within the braces may add to a table.
    for (TomlEntry& entry : result.entries()) {
        if (TomlTable* table = table_in(entry)) { table->form = TomlForm::Inline; }
    }
    result.form = TomlForm::Inline;
    into.data = std::move(result);
    lexer_.set_path(path);  // an array may have further ones
    return true;
}

}  // namespace meridian::zones
