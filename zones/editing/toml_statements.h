// Divides a TOML text into statements, each of whole lines, with blanks and comments between them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "meridian/zones/toml_document.h"

namespace meridian::zones {

/// A header, or a key with its value.
struct TomlStatement {
    std::size_t begin = 0;               ///< Of its first line.
    std::size_t end = 0;                 ///< Behind the end of its last line.
    const TomlTable* opens = nullptr;    ///< The table of a header.
    const TomlTable* section = nullptr;  ///< The table below whose header a key stands.
    TomlSpan key;                        ///< The last part of the name.
    TomlSpan value;                      ///< Of a key; of a header all of it.
};

/// Offsets are in octets. The text and the tree outlive it.
class TomlStatements {
public:
    TomlStatements(std::string_view text, const TomlTable& root);

    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] std::string_view text(std::size_t begin, std::size_t end) const {
        return text_.substr(begin, end - begin);
    }
    [[nodiscard]] const std::vector<TomlStatement>& all() const { return all_; }
    [[nodiscard]] const TomlStatement& operator[](std::size_t index) const { return all_[index]; }
    /// The indices of the statements of an entry and of all below it; none for an entry within a
    /// value.
    [[nodiscard]] std::vector<std::size_t> of(const TomlEntry& entry) const;

    [[nodiscard]] std::size_t first_octet() const { return first_octet_; }  ///< After a mark.
    [[nodiscard]] std::size_t line_begin(std::size_t offset) const;
    [[nodiscard]] std::size_t line_end(std::size_t offset) const;  ///< Behind its line end.
    [[nodiscard]] bool is_blank(std::size_t line) const;           ///< Or the end of the text.
    [[nodiscard]] bool is_comment(std::size_t line) const;
    [[nodiscard]] std::string_view indent(std::size_t line) const;
    /// The line end before `offset`; that of the first line where there is none.
    [[nodiscard]] std::string_view line_ending(std::size_t offset) const;

    /// Where the comments begin that stand directly above a statement and belong to it.
    [[nodiscard]] std::size_t begin_with_comments(std::size_t index) const;
    /// Where the blank lines begin that stand directly above the line at `begin`.
    [[nodiscard]] std::size_t begin_of_blanks(std::size_t begin) const;
    [[nodiscard]] std::size_t blanks_above(std::size_t begin) const;  ///< How many.
    /// Where the comments end that belong to the statement which ends at `end`: those directly
    /// below it that do not stand above another one.
    [[nodiscard]] std::size_t end_with_comments(std::size_t end) const;

private:
    void collect(const TomlTable& table, const TomlTable* section,
                 std::vector<TomlStatement>& into) const;
    void collect(const TomlEntry& entry, const TomlTable* section,
                 std::vector<TomlStatement>& into) const;
    void open(const TomlTable& table, const TomlSpan& key, const TomlSpan& header,
              std::vector<TomlStatement>& into) const;

    std::string_view text_;
    std::size_t first_octet_ = 0;
    std::vector<TomlStatement> all_;
};

/// Whether a value is a table that was written in braces.
bool is_in_braces(std::string_view text, const TomlValue& value);

}  // namespace meridian::zones
