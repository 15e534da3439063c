// Divides a TOML text into statements, each of whole lines, with blanks and comments between them.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/editing/toml_statements.h"

#include <algorithm>

#include "meridian/utf8.h"

namespace meridian::zones {
bool is_in_braces(std::string_view text, const TomlValue& value) {
    const auto* table = value.get<TomlTable>();
    // Within braces a dotted key makes tables that are closed as well.
    return table != nullptr && table->form == TomlForm::Inline && text[value.span.begin] == '{';
}

TomlStatements::TomlStatements(std::string_view text, const TomlTable& root)
    : text_(text), first_octet_(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0) {
    collect(root, &root, all_);
    std::ranges::sort(all_, {}, &TomlStatement::begin);
}

void TomlStatements::collect(const TomlTable& table, const TomlTable* section,
                             std::vector<TomlStatement>& into) const {
    for (const TomlEntry& entry : table.entries()) {
        collect(entry, section, into);
    }
}

void TomlStatements::open(const TomlTable& table, const TomlSpan& key, const TomlSpan& header,
                          std::vector<TomlStatement>& into) const {
    into.push_back({line_begin(header.begin), line_end(header.end), &table, nullptr, key, header});
    collect(table, &table, into);
}

void TomlStatements::collect(const TomlEntry& entry, const TomlTable* section,
                             std::vector<TomlStatement>& into) const {
    const TomlValue& value = entry.value;
    const auto* table = value.get<TomlTable>();
    const auto* array = value.get<TomlArray>();
    if (table != nullptr && table->form == TomlForm::Header) {
        open(*table, entry.key_span, value.span, into);
    } else if (table != nullptr && !is_in_braces(text_, value)) {
        collect(*table, section, into);
    } else if (array != nullptr && array->of_headers) {
        for (const TomlValue& item : array->items) {
            open(*item.get<TomlTable>(), entry.key_span, item.span, into);
        }
    } else {
        into.push_back({line_begin(entry.key_span.begin), line_end(value.span.end), nullptr,
                        section, entry.key_span, value.span});
    }
}

std::vector<std::size_t> TomlStatements::of(const TomlEntry& entry) const {
    std::vector<TomlStatement> below;
    collect(entry, nullptr, below);
    std::vector<std::size_t> indices;
    for (const TomlStatement& statement : below) {
        const auto found =
            std::ranges::lower_bound(all_, statement.begin, {}, &TomlStatement::begin);
        const bool whole = found != all_.end() && found->key.begin == statement.key.begin;
        if (whole) { indices.push_back(static_cast<std::size_t>(found - all_.begin())); }
    }
    std::ranges::sort(indices);
    return indices;
}

std::size_t TomlStatements::line_begin(std::size_t offset) const {
    const std::size_t end = offset == 0 ? std::string_view::npos : text_.rfind('\n', offset - 1);
    return end == std::string_view::npos ? first_octet_ : end + 1;
}

std::size_t TomlStatements::line_end(std::size_t offset) const {
    const std::size_t end = text_.find('\n', offset);
    return end == std::string_view::npos ? text_.size() : end + 1;
}

bool TomlStatements::is_blank(std::size_t line) const {
    const std::string_view rest = text(line, line_end(line));
    return rest.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool TomlStatements::is_comment(std::size_t line) const {
    return text_.substr(line + indent(line).size()).starts_with('#');
}

std::string_view TomlStatements::indent(std::size_t line) const {
    const std::size_t end = std::min(text_.find_first_not_of(" \t", line), text_.size());
    return text(line, end);
}

std::string_view TomlStatements::line_ending(std::size_t offset) const {
    const bool at_start = offset > first_octet_ && text_[offset - 1] == '\n';
    const std::size_t feed = at_start ? offset - 1 : text_.find('\n');
    const bool carriage =
        feed != std::string_view::npos && feed > first_octet_ && text_[feed - 1] == '\r';
    return carriage ? "\r\n" : "\n";
}

std::size_t TomlStatements::begin_with_comments(std::size_t index) const {
    const std::size_t first = index == 0 ? first_octet_ : all_[index - 1].end;
    const std::size_t own = all_[index].begin;
    std::size_t begin = own;
    while (begin > first && is_comment(line_begin(begin - 1))) {
        begin = line_begin(begin - 1);
    }
    if (all_[index].opens != nullptr || begin > first) { return begin; }
    const bool below_header = index == 0 || all_[index - 1].opens != nullptr;
    return below_header ? own : begin;
}

std::size_t TomlStatements::begin_of_blanks(std::size_t begin) const {
    while (begin > first_octet_ && is_blank(line_begin(begin - 1))) {
        begin = line_begin(begin - 1);
    }
    return begin;
}

std::size_t TomlStatements::blanks_above(std::size_t begin) const {
    const std::string_view blanks = text(begin_of_blanks(begin), begin);
    return static_cast<std::size_t>(std::ranges::count(blanks, '\n'));
}

std::size_t TomlStatements::end_with_comments(std::size_t end) const {
    std::size_t behind = end;
    while (behind < text_.size() && is_comment(behind)) {
        behind = line_end(behind);
    }
    return is_blank(behind) ? behind : end;
}

}  // namespace meridian::zones
