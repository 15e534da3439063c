// Recognises letters that look like plain ones: quotes, dashes, blanks, and those of other scripts.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

/// The typographic quotation mark that stands at `offset`, or nothing.
std::string_view curly_quote_at(std::string_view text, std::size_t offset);

/// The blank of Unicode at `offset` that is no blank of ASCII, be it as wide as one or without
/// width, or nothing. Word processors and web pages bring them; they look like plain spaces.
std::string_view odd_blank_at(std::string_view text, std::size_t offset);

/// The typographic dash at `offset`, or nothing.
std::string_view odd_dash_at(std::string_view text, std::size_t offset);

/// The letter or sign of ASCII for which the character at `offset` was likely meant: "a" for the
/// Cyrillic one, "=" for the full-width one. 0 where there is none, and within a word that is of
/// another script altogether.
char look_alike_at(std::string_view text, std::size_t offset);

/// "U+00A0", of a character in UTF-8.
std::string code_point(std::string_view character);

struct PlainText {
    std::string_view first_odd;  ///< Of the text that was looked at.
    char look_alike = '\0';      ///< What it looks like, where it is a letter.
    std::string text;            ///< Plain letters, no typographic quotes, no blanks outside.
};

/// In words: "a typographic quotation mark", or "a blank that is no plain space (U+00A0)".
std::string describe_odd(std::string_view character);
/// "a letter that only looks like \"a\" (U+0430)"
std::string describe_look_alike(std::string_view character, char plain);

/// Reports such a letter in a value where none can be right; false where there is none. A master
/// file has no `key`, and no quotes around its names.
bool report_odd_letter(std::string_view text, TextPosition at, const std::string& key,
                       Findings& findings);

/// What `text` is when it is typed anew; nothing where it has no such letter.
std::optional<PlainText> typed_anew(std::string_view text);

}  // namespace meridian::zones
