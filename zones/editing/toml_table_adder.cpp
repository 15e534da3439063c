// Adds a table to its siblings in a TOML text, in the form that they have.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/editing/toml_table_adder.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "zones/editing/toml_array_edit.h"
#include "zones/editing/toml_braces_edit.h"
#include "zones/editing/toml_lines_edit.h"
#include "zones/editing/toml_style.h"

namespace meridian::zones {
namespace {

class Adder {
public:
    Adder(const TomlStatements& statements, const NewTable& added, TextChanges& changes)
        : statements_(statements), added_(added), changes_(changes) {}

    void into_braces(const TomlValue& braces, const TomlTable& siblings,
                     std::span<const std::string> key, const TomlEntry* last);
    void as_header(const TomlEntry& last);
    void as_keys(const TomlEntry& last, const TomlTable& siblings,
                 std::span<const std::string> key);
    void as_first_header(std::size_t at, std::size_t blanks_behind);

private:
    [[nodiscard]] std::string value_like(const TomlTable& model, const TomlEntry& entry,
                                         std::size_t at) const;
    [[nodiscard]] std::string line_of(const TomlTable& model, const EqualsStyle& equals,
                                      std::string_view indent, const TomlEntry& entry,
                                      std::size_t at) const;
    [[nodiscard]] EqualsStyle equals_of(const TomlTable& siblings) const;
    [[nodiscard]] std::vector<std::string> dotted_lines(const TomlTable& model,
                                                        std::span<const std::size_t> indices,
                                                        std::string_view prefix) const;

    const TomlStatements& statements_;
    const NewTable& added_;
    TextChanges& changes_;
};

std::string Adder::value_like(const TomlTable& model, const TomlEntry& entry,
                              std::size_t at) const {
    const TomlEntry* same = model.find(entry.key);
    if (same != nullptr && same->value.kind() == TomlKind::Array) {
        return array_like(statements_, same->value, entry.value, statements_.line_ending(at));
    }
    return to_toml(entry.value, value_style_of(statements_.text(), model));
}

void Adder::into_braces(const TomlValue& braces, const TomlTable& siblings,
                        std::span<const std::string> key, const TomlEntry* last) {
    const BracesText parent(statements_.text(), braces);
    const TomlTable* model = nullptr;
    ValueStyle style = parent.style();
    if (last != nullptr && is_in_braces(statements_.text(), last->value)) {
        model = last->value.get<TomlTable>();
        style = value_style_of(statements_.text(), last->value);
    }
    parent.add(siblings, keys_to_toml(key), to_toml(added_.content, model, style), changes_);
}

std::string Adder::line_of(const TomlTable& model, const EqualsStyle& equals,
                           std::string_view indent, const TomlEntry& entry, std::size_t at) const {
    const TomlEntry* same = model.find(entry.key);
    const std::string value = value_like(model, entry, at);
    const bool plain = same != nullptr && (same->value.get<TomlTable>() == nullptr ||
                                           is_in_braces(statements_.text(), same->value));
    if (!plain) { return equals.line(std::string(indent) + key_to_toml(entry.key)) + value; }
    // The text in front of the value of the sibling fits the new table, too.
    const std::size_t line = statements_.line_begin(same->key_span.begin);
    return std::string(statements_.text(line, same->value.span.begin)) + value;
}

void Adder::as_header(const TomlEntry& last) {
    const TomlTable& model = *last.value.get<TomlTable>();
    const std::vector<std::size_t> indices = statements_.of(last);
    const std::size_t first = begin_of_last_run(indices);
    const std::size_t at = statements_.end_with_comments(statements_[indices.back()].end);
    const std::size_t begin = statements_.begin_with_comments(first);
    std::size_t blanks = begin == statements_.first_octet() ? 1 : statements_.blanks_above(begin);
    // Comments directly above would be taken for its own.
    if (at > statements_[indices.back()].end) { blanks = std::max<std::size_t>(blanks, 1); }

    const TomlSpan header = last.value.span;
    const std::size_t header_line = statements_.line_begin(header.begin);
    std::string opening(statements_.text(header_line, last.key_span.begin));
    opening += key_to_toml(added_.path.back());
    opening += statements_.text(last.key_span.end, header.end);
    std::vector<std::string> lines{std::move(opening)};
    const EqualsStyle equals = equals_style_of(statements_, indices);
    std::string_view indent = statements_.indent(header_line);
    if (indices.size() > 1) { indent = statements_.indent(statements_[indices[1]].begin); }
    for (const TomlEntry* entry : in_order_of(&model, added_.content)) {
        lines.push_back(line_of(model, equals, indent, *entry, at));
    }
    insert_lines(statements_, at, blanks, lines, changes_);
}

/// Of siblings that have a line each.
EqualsStyle Adder::equals_of(const TomlTable& siblings) const {
    std::vector<std::size_t> lines;
    for (const TomlEntry& sibling : siblings.entries()) {
        const std::vector<std::size_t> indices = statements_.of(sibling);
        if (indices.size() == 1) { lines.push_back(indices.front()); }
    }
    return equals_style_of(statements_, lines);
}

std::vector<std::string> Adder::dotted_lines(const TomlTable& model,
                                             std::span<const std::size_t> indices,
                                             std::string_view prefix) const {
    std::vector<std::string> keys;
    std::vector<std::string> values;
    for (const TomlEntry* entry : in_order_of(&model, added_.content)) {
        keys.push_back(std::string(prefix) + "." + key_to_toml(entry->key));
        values.push_back(value_like(model, *entry, statements_[indices.back()].end));
    }
    EqualsStyle equals = equals_style_of(statements_, indices);
    if (equals.column > 0) { equals.make_room(keys); }
    for (std::size_t i = 0; i < keys.size(); ++i) {
        keys[i] = equals.line(keys[i]) + values[i];
    }
    return keys;
}

void Adder::as_keys(const TomlEntry& last, const TomlTable& siblings,
                    std::span<const std::string> key) {
    const std::vector<std::size_t> indices = statements_.of(last);
    const std::size_t first = begin_of_last_run(indices);
    const std::size_t at = statements_[indices.back()].end;
    const bool paragraph = siblings.entries().size() > 1 && statements_.is_blank(at);
    const std::size_t blanks =
        paragraph ? statements_.blanks_above(statements_.begin_with_comments(first)) : 0;
    const std::string prefix =
        std::string(statements_.indent(statements_[first].begin)) + keys_to_toml(key);
    const TomlTable& model = *last.value.get<TomlTable>();
    std::vector<std::string> lines;
    if (is_in_braces(statements_.text(), last.value)) {
        const ValueStyle style = value_style_of(statements_.text(), last.value);
        lines.push_back(equals_of(siblings).line(prefix) + to_toml(added_.content, &model, style));
    } else {
        lines = dotted_lines(model, indices, prefix);
    }
    insert_lines(statements_, at, blanks, lines, changes_);
}

void Adder::as_first_header(std::size_t at, std::size_t blanks_behind) {
    std::vector<std::string> keys;
    for (const TomlEntry& entry : added_.content.entries()) {
        keys.push_back(key_to_toml(entry.key));
    }
    EqualsStyle equals;
    equals.make_room(keys);
    std::vector<std::string> lines{"[" + keys_to_toml(added_.path) + "]"};
    for (std::size_t i = 0; i < keys.size(); ++i) {
        lines.push_back(equals.line(keys[i]) +
                        to_toml(added_.content.entries()[i].value, ValueStyle{}));
    }
    lines.insert(lines.end(), blanks_behind, "");
    insert_lines(statements_, at, at > statements_.first_octet() ? 1 : 0, lines, changes_);
}

/// Adds the first table of its kind: behind the statement above the first of its followers.
void add_first(const TomlStatements& statements, const TomlTable& root, const NewTable& added,
               Adder& adder) {
    std::optional<std::size_t> next;
    for (const std::string_view name : added.followers) {
        const TomlEntry* follower = root.find(name);
        if (follower == nullptr) { continue; }
        for (const std::size_t index : statements.of(*follower)) {
            // Keys below the new header would become keys of its table.
            if (statements[index].opens == nullptr) { break; }
            next = std::min(next.value_or(index), index);
            break;
        }
    }
    if (next && *next == 0) { return adder.as_first_header(statements.begin_with_comments(0), 1); }
    const std::size_t count = statements.all().size();
    if (count == 0) { return adder.as_first_header(statements.text().size(), 0); }
    const std::size_t above = next.value_or(count) - 1;
    adder.as_first_header(statements.end_with_comments(statements[above].end), 0);
}

/// The last entry that is a table.
const TomlEntry* last_table(const TomlTable& siblings) {
    const TomlEntry* last = nullptr;
    for (const TomlEntry& entry : siblings.entries()) {
        if (entry.value.get<TomlTable>() != nullptr) { last = &entry; }
    }
    return last;
}

}  // namespace

void add_sibling(const TomlStatements& statements, const FollowedPath& parent,
                 const TomlEntry* siblings, const TomlTable& root, const NewTable& added,
                 TextChanges& changes) {
    Adder adder(statements, added, changes);
    const auto* table = siblings == nullptr ? nullptr : siblings->value.get<TomlTable>();
    const TomlEntry* last = table == nullptr ? nullptr : last_table(*table);
    if (table != nullptr && is_in_braces(statements.text(), siblings->value)) {
        return adder.into_braces(siblings->value, *table, added.path.last(1), last);
    }
    if (parent.braces != nullptr && table != nullptr) {
        const auto key = added.path.subspan(parent.braces_depth);
        return adder.into_braces(*parent.braces, *table, key, last);
    }
    if (last == nullptr) { return add_first(statements, root, added, adder); }
    const TomlForm form = last->value.get<TomlTable>()->form;
    if (form == TomlForm::Header) { return adder.as_header(*last); }
    const bool own_section = table->form == TomlForm::Header;
    const std::size_t depth = own_section ? added.path.size() - 1 : parent.section_depth;
    adder.as_keys(*last, *table, added.path.subspan(depth));
}

}  // namespace meridian::zones
