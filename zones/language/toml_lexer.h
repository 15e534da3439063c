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

#include "zones/language/toml_text.h"

namespace meridian::zones {

/// One part of a dotted key, quotes and escapes resolved.
struct KeyPart {
    std::string text;
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Walks over a checked text. What it refuses it tells in `findings`, once, and returns nothing;
/// the offset then stands near the trouble.
class TomlLexer {
public:
    TomlLexer(TomlText& text, Findings& findings)
        : text_(text), findings_(findings), offset_(text.first_octet()) {}

    [[nodiscard]] bool at_end() const { return offset_ >= text_.text().size(); }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_.text()[offset_]; }
    [[nodiscard]] bool looks_at(std::string_view what) const {
        return text_.text().substr(offset_).starts_with(what);
    }
    [[nodiscard]] std::string_view rest() const { return text_.text().substr(offset_); }
    [[nodiscard]] bool at_line_end() const;
    [[nodiscard]] std::size_t offset() const { return offset_; }
    void skip(std::size_t octets) { offset_ += octets; }
    void skip_spaces();
    void skip_blank_lines();  ///< Spaces, line ends and comments.
    void skip_line();         ///< To the start of the next one.
    bool end_statement();     ///< Expects nothing but a comment before the line ends.

    /// A key of one or more parts.
    std::optional<std::vector<KeyPart>> key();
    /// A string in any of the four quotations; its content stays with toml11.
    bool string();
    /// A boolean, number, date or time.
    bool word();

    /// Tells and returns false.
    bool refuse(std::size_t begin, std::size_t end, const Message& message,
                std::initializer_list<std::string_view> values = {});
    [[nodiscard]] TomlSpan span(std::size_t begin, std::size_t end) {
        return text_.span(begin, end);
    }
    /// The key under which findings are told.
    void set_path(std::string path) { path_ = std::move(path); }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::optional<KeyPart> key_part();
    bool one_line_string(std::string* content);
    bool refuse_unclosed(std::size_t begin);
    bool tell_of_curly_quote(std::size_t begin, std::size_t end);
    bool long_string();
    bool escape(std::string* content, bool long_form);

    TomlText& text_;
    Findings& findings_;
    std::size_t offset_;
    std::size_t last_string_begin_ = 0;  // of one line, the last that was closed
    std::size_t last_string_end_ = 0;
    std::string path_;
};

}  // namespace meridian::zones
