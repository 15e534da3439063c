// Reads TOML 1.0 into a tree of values that know where they stand.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "meridian/limits.h"
#include "meridian/zones/toml_document.h"
#include "zones/language/toml/toml_lexer.h"
#include "zones/language/toml/toml_text.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {

using KeyParts = std::span<const KeyPart>;

/// Reads a text statement by statement. It goes on after a fault, so that one run reports all.
class TomlReader {
public:
    TomlReader(TomlText& text, Findings& findings) : lexer_(text, findings) {}
    /// Means something only when `findings` have no error.
    TomlTable read();

private:
    bool record_line();
    bool header();
    bool unquoted_header(KeyParts parts, std::string_view closing);
    TomlTable* open(TomlTable& parent, const KeyPart& part, const TomlSpan& whole);
    TomlTable* open_element(TomlTable& parent, const KeyPart& part, const TomlSpan& whole);
    TomlTable* descend(KeyParts parts);

    bool assignment(TomlTable& table, const std::string& path, std::size_t depth);
    TomlTable* dotted_parent(TomlTable& table, KeyParts parts);
    bool value(TomlValue& into, std::size_t depth);
    bool bracketed(TomlValue& into, std::size_t depth);
    bool array(TomlValue& into, std::size_t depth, char closing);
    bool is_unclosed(std::size_t begin, std::size_t behind_last);
    void skip_within_array();
    bool inline_table(TomlValue& into, std::size_t depth);
    [[nodiscard]] bool at_statement() const;
    void resume();

    bool refuse(const KeyPart& part, const DiagnosticKind& kind,
                std::initializer_list<std::string_view> values) {
        return lexer_.refuse(part.begin, part.end, kind, values);
    }
    bool too_deep(std::size_t begin) {
        return lexer_.refuse(begin, begin + 1, diagnostics::kTooDeep,
                             {std::to_string(kMaxTomlNesting)});
    }
    TomlEntry& add_table(TomlTable& parent, const KeyPart& part, const TomlSpan& span,
                         TomlForm form) {
        TomlTable added;
        added.form = form;
        return parent.add(
            {part.text, lexer_.span(part.begin, part.end), TomlValue{std::move(added), span}});
    }

    TomlLexer lexer_;
    TomlTable root_;
    TomlTable discarded_;           // takes the keys below a faulty header
    TomlTable* current_ = nullptr;  // of the last header; the tables above it do not move
    std::string current_path_;
    std::size_t current_depth_ = 0;
    bool in_brackets_ = false;  // when a statement failed
};

/// The table that an entry has; null for another value.
inline TomlTable* table_in(TomlEntry& entry) {
    return std::get_if<TomlTable>(&entry.value.data);
}

}  // namespace meridian::zones
