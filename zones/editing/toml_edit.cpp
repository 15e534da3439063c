// Edits the text of a TOML file where it must change, and leaves every other octet as it is.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/toml_edit.h"

#include <utility>

#include "zones/editing/followed_path.h"
#include "zones/editing/text_changes.h"
#include "zones/editing/toml_array_edit.h"
#include "zones/editing/toml_braces_edit.h"
#include "zones/editing/toml_lines_edit.h"
#include "zones/editing/toml_statements.h"
#include "zones/editing/toml_style.h"
#include "zones/editing/toml_table_adder.h"

namespace meridian::zones {

class TomlEdit::Work {
public:
    Work(std::string_view text, const TomlTable& root)
        : text_(text), root_(root), statements_(text, root) {}

    bool set(const TomlPath& path, const TomlValue& value);
    bool remove(const TomlPath& path);
    bool add_item(const TomlPath& path, const TomlValue& item);
    bool remove_item(const TomlPath& path, std::size_t index);
    bool add_table(const TomlPath& parent, const std::string& name, const TomlTable& content,
                   std::span<const std::string_view> followers);
    std::string finish() { return changes_.apply(text_); }

private:
    bool replace(const TomlEntry& entry, const TomlValue& value);
    void add_key(const FollowedPath& followed, std::span<const std::string> key,
                 const TomlValue& value);
    void add_key_behind(std::span<const std::size_t> indices, std::span<const std::string> key,
                        const TomlValue& value);
    void add_first_key(const FollowedPath& followed, std::span<const std::string> path,
                       const TomlValue& value);
    [[nodiscard]] std::vector<std::size_t> keys_of(const TomlTable& section) const;
    [[nodiscard]] std::span<const std::size_t> last_paragraph(
        std::span<const std::size_t> indices) const;

    std::string_view text_;
    const TomlTable& root_;
    TomlStatements statements_;
    TextChanges changes_;
};

bool TomlEdit::Work::replace(const TomlEntry& entry, const TomlValue& value) {
    const TomlSpan& old = entry.value.span;
    const auto* array = entry.value.get<TomlArray>();
    if (array != nullptr && array->of_headers) { return false; }
    if (entry.value.get<TomlTable>() != nullptr && !is_in_braces(text_, entry.value)) {
        return false;
    }
    changes_.replace(
        old.begin, old.end,
        array_like(statements_, entry.value, value, statements_.line_ending(old.begin)));
    return true;
}

/// The keys directly below a header, dotted ones too.
std::vector<std::size_t> TomlEdit::Work::keys_of(const TomlTable& section) const {
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < statements_.all().size(); ++i) {
        if (statements_[i].section == &section) { indices.push_back(i); }
    }
    return indices;
}

/// Those at the end without a line between them.
std::span<const std::size_t> TomlEdit::Work::last_paragraph(
    std::span<const std::size_t> indices) const {
    std::size_t first = indices.size() - 1;
    while (first > 0 && statements_[indices[first - 1]].end == statements_[indices[first]].begin) {
        --first;
    }
    return indices.subspan(first);
}

void TomlEdit::Work::add_key_behind(std::span<const std::size_t> indices,
                                    std::span<const std::string> key, const TomlValue& value) {
    const TomlStatement& last = statements_[indices.back()];
    const EqualsStyle equals = equals_style_of(statements_, last_paragraph(indices));
    const std::string name = std::string(statements_.indent(last.begin)) + keys_to_toml(key);
    const ValueStyle style = value_style_of(text_, root_);
    insert_lines(statements_, last.end, 0, {equals.line(name) + to_toml(value, style)}, changes_);
}

/// Of a section without keys, or a table without a place of its own.
void TomlEdit::Work::add_first_key(const FollowedPath& followed, std::span<const std::string> path,
                                   const TomlValue& value) {
    const std::string line = EqualsStyle{}.line(keys_to_toml(path.subspan(followed.depth))) +
                             to_toml(value, value_style_of(text_, root_));
    const bool has_header = followed.owner != nullptr && followed.table->form == TomlForm::Header;
    if (has_header) {
        const std::size_t at = statements_[statements_.of(*followed.owner).front()].end;
        return insert_lines(statements_, at, 0, {line}, changes_);
    }
    if (statements_.all().empty()) {
        return insert_lines(statements_, text_.size(), 0, {line}, changes_);
    }
    // Above the headers of the tables below it.
    std::vector<std::string> lines{line, ""};
    std::size_t first = 0;
    if (followed.owner != nullptr) {
        lines.insert(lines.begin(), "[" + keys_to_toml(path.first(followed.depth)) + "]");
        first = statements_.of(*followed.owner).front();
    }
    insert_lines(statements_, statements_.begin_with_comments(first), 0, lines, changes_);
}

void TomlEdit::Work::add_key(const FollowedPath& followed, std::span<const std::string> path,
                             const TomlValue& value) {
    if (followed.braces != nullptr) {
        const BracesText braces(text_, *followed.braces);
        const std::string key = keys_to_toml(path.subspan(followed.braces_depth));
        return braces.add(*followed.table, key, to_toml(value, braces.style()), changes_);
    }
    std::vector<std::size_t> indices;
    if (followed.table->form == TomlForm::Dotted) {
        indices = statements_.of(*followed.owner);
    } else if (followed.table->form == TomlForm::Header) {
        indices = keys_of(*followed.table);
    }
    if (indices.empty()) { return add_first_key(followed, path, value); }
    add_key_behind(indices, path.subspan(followed.section_depth), value);
}

bool TomlEdit::Work::set(const TomlPath& path, const TomlValue& value) {
    const FollowedPath followed = follow(text_, root_, path);
    if (followed.blocked || path.empty()) { return false; }
    if (followed.entry != nullptr) { return replace(*followed.entry, value); }
    add_key(followed, path, value);
    return true;
}

bool TomlEdit::Work::remove(const TomlPath& path) {
    const FollowedPath followed = follow(text_, root_, path);
    if (followed.entry == nullptr) { return false; }
    if (followed.braces != nullptr) {
        BracesText(text_, *followed.braces).remove(*followed.entry, changes_);
    } else {
        remove_statements(statements_, statements_.of(*followed.entry), changes_);
    }
    return true;
}

bool TomlEdit::Work::add_item(const TomlPath& path, const TomlValue& item) {
    const TomlEntry* entry = follow(text_, root_, path).entry;
    if (entry == nullptr) { return false; }
    const TomlSpan& span = entry->value.span;
    const auto* array = entry->value.get<TomlArray>();
    const std::string added = to_toml(item, value_style_of(text_, entry->value));
    if (entry->value.get<std::string>() != nullptr) {
        changes_.insert(span.begin, "[");
        changes_.insert(span.end, ", " + added + "]");
        return true;
    }
    if (array == nullptr || array->of_headers) { return false; }
    add_array_item(statements_, entry->value, added, changes_);
    return true;
}

bool TomlEdit::Work::remove_item(const TomlPath& path, std::size_t index) {
    const TomlEntry* entry = follow(text_, root_, path).entry;
    const auto* array = entry == nullptr ? nullptr : entry->value.get<TomlArray>();
    if (array == nullptr || array->of_headers || index >= array->items.size()) { return false; }
    remove_array_item(statements_, entry->value, index, changes_);
    return true;
}

bool TomlEdit::Work::add_table(const TomlPath& parent, const std::string& name,
                               const TomlTable& content,
                               std::span<const std::string_view> followers) {
    const FollowedPath followed = follow(text_, root_, parent);
    const TomlEntry* siblings = followed.entry;
    if (followed.blocked) { return false; }
    if (siblings != nullptr && siblings->value.get<TomlTable>() == nullptr) { return false; }
    TomlPath path = parent;
    path.push_back(name);
    add_sibling(statements_, followed, siblings, root_, {path, content, followers}, changes_);
    return true;
}

TomlEdit::TomlEdit(std::string_view text, const TomlTable& root)
    : work_(std::make_unique<Work>(text, root)) {}
TomlEdit::TomlEdit(TomlEdit&&) noexcept = default;
TomlEdit& TomlEdit::operator=(TomlEdit&&) noexcept = default;
TomlEdit::~TomlEdit() = default;

bool TomlEdit::set(const TomlPath& path, const TomlValue& value) {
    return work_->set(path, value);
}

bool TomlEdit::remove(const TomlPath& path) {
    return work_->remove(path);
}

bool TomlEdit::add_item(const TomlPath& path, const TomlValue& item) {
    return work_->add_item(path, item);
}

bool TomlEdit::remove_item(const TomlPath& path, std::size_t index) {
    return work_->remove_item(path, index);
}

bool TomlEdit::add_table(const TomlPath& parent, const std::string& name, const TomlTable& content,
                         std::span<const std::string_view> followers) {
    return work_->add_table(parent, name, content, followers);
}

std::string TomlEdit::finish() {
    return work_->finish();
}

}  // namespace meridian::zones
