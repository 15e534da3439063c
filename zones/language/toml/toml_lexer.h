// Reads the smallest parts of TOML: blanks, keys, strings, and words such as numbers and dates.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "zones/language/toml/toml_text.h"

namespace meridian::zones {

/// One part of a dotted key, quotes and escapes resolved.
struct KeyPart {
    std::string text;
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Walks over a checked text. A function that meets a fault reports it into `findings`, once, and
/// returns false or none; the offset then stands near the fault.
class TomlLexer {
public:
    TomlLexer(TomlText& text, Findings& findings)
        : text_(text), findings_(findings), offset_(text.first_octet()) {}

    [[nodiscard]] bool at_end() const { return offset_ >= text_.text().size(); }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_.text()[offset_]; }
    [[nodiscard]] bool looks_at(std::string_view what) const {
        return text_.text().substr(offset_).starts_with(what);
    }
    [[nodiscard]] std::string_view text() const { return text_.text(); }
    [[nodiscard]] std::string_view rest() const { return text_.text().substr(offset_); }
    [[nodiscard]] bool at_line_end() const;
    [[nodiscard]] std::size_t offset() const { return offset_; }
    void skip(std::size_t octets) { offset_ += octets; }
    void go_back(std::size_t offset) { offset_ = offset; }
    void skip_spaces();
    void skip_blank_lines();  ///< Spaces, line ends and comments.
    void skip_line();         ///< To the start of the next one.
    bool end_statement();     ///< Only a comment may stand before the line ends.
    /// Takes a comment of another notation, such as `// ...`, and reports it; false where none is.
    bool foreign_comment();
    /// Takes a brace that stands around keys, as in JSON, and reports the first one.
    bool stray_brace();
    /// Whether an array begins here whose brackets are of another notation: ( ) or { }.
    [[nodiscard]] bool at_foreign_brackets() const;
    /// Where the innermost array or table in braces ends; each is entered and left.
    void enter(char closing) { closings_ += closing; }
    void leave() { closings_.pop_back(); }
    void begin_statement() { closings_.clear(); }
    /// Takes a ";" that was meant as the "," of an array, and reports it; false where none is.
    bool semicolon_between_values();
    /// Takes "=", or a mark such as ":" in its place, which is reported.
    bool equals();

    /// A key of one or more parts.
    std::optional<std::vector<KeyPart>> key();
    /// A string in any of the four quotations; appends its content, escapes resolved.
    bool string(std::string& content);
    /// Takes a string in quotes that TOML does not have, `...` or typographic ones, and reports it.
    /// False where it does not end on the line.
    bool foreign_string();
    [[nodiscard]] bool at_foreign_quote() const;
    /// A boolean, number, date or time.
    bool word(TomlData& value);

    /// Reports, and returns false.
    bool refuse(std::size_t begin, std::size_t end, const DiagnosticKind& kind,
                std::initializer_list<std::string_view> values = {});
    [[nodiscard]] TomlSpan span(std::size_t begin, std::size_t end) {
        return text_.span(begin, end);
    }
    /// The key that diagnostics name.
    void set_path(std::string path) { path_ = std::move(path); }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::optional<KeyPart> key_part();
    bool one_line_string(std::string& content);
    bool refuse_unclosed(std::size_t begin);
    bool report_curly_quote(std::size_t begin, std::size_t end);
    [[nodiscard]] bool at_odd_blank() const;
    void odd_blank();
    [[nodiscard]] bool at_colon_for_equals() const;
    bool mark_at_line_end();
    bool another_key();
    bool report_look_alike(std::size_t begin, std::size_t end);
    [[nodiscard]] std::size_t end_of_unquoted(std::size_t begin, std::size_t end) const;
    [[nodiscard]] bool is_first_on_line(std::size_t begin, std::size_t& reported_line);
    bool long_string(std::string& content);
    bool escape(std::string& content, bool long_form);

    TomlText& text_;
    Findings& findings_;
    std::size_t offset_;
    std::size_t last_string_begin_ = 0;  // of one line, the last that was closed
    std::size_t last_string_end_ = 0;
    std::size_t odd_blank_line_ = 0;  // of the last one that was reported: one a line is enough
    std::size_t foreign_quote_line_ = 0;
    std::size_t last_word_begin_ = 0;
    std::size_t last_word_end_ = 0;  // of one that was read
    std::string closings_;           // of the arrays and tables in braces that are open
    bool has_stray_brace_ = false;
    bool comment_stays_open_ = false;  // a "/*" has no end in the rest of the file
    std::string path_;
};

}  // namespace meridian::zones
