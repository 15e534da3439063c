// Adds items to arrays of a TOML text and removes them, with their commas and lines.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/editing/toml_array_edit.h"

#include <algorithm>
#include <optional>

#include "zones/editing/toml_style.h"

namespace meridian::zones {
namespace {

constexpr std::string_view kDefaultIndent = "    ";

/// One array and the lines that it stands on.
class ArrayText {
public:
    ArrayText(const TomlStatements& statements, const TomlValue& array)
        : statements_(statements),
          items_(array.get<TomlArray>()->items),
          open_(array.span.begin),
          close_(array.span.end - 1) {}

    void add(const std::string& item, TextChanges& changes) const;
    void remove(std::size_t index, TextChanges& changes) const;

    /// Whether the last item begins a line.
    [[nodiscard]] bool has_lines() const {
        return !items_.empty() && begins_line(items_.back().span);
    }
    [[nodiscard]] std::string_view item_indent() const {
        return statements_.indent(statements_.line_begin(items_.back().span.begin));
    }
    /// Whether "]" stands on the line of the last item.
    [[nodiscard]] bool closes_behind_item() const {
        return close_ < statements_.line_end(items_.back().span.end);
    }
    [[nodiscard]] std::string_view close_indent() const {
        return statements_.indent(statements_.line_begin(close_));
    }
    [[nodiscard]] bool has_last_comma() const {
        return comma_behind(items_.size() - 1).has_value();
    }

private:
    [[nodiscard]] bool begins_line(const TomlSpan& item) const {
        const std::size_t line = statements_.line_begin(item.begin);
        return line > open_ && line + statements_.indent(line).size() == item.begin;
    }
    [[nodiscard]] bool is_one_line(std::size_t begin, std::size_t end) const {
        return statements_.text(begin, end).find('\n') == std::string_view::npos;
    }
    [[nodiscard]] std::optional<std::size_t> comma_behind(std::size_t index) const;
    [[nodiscard]] bool has_line_alone(std::size_t index) const;
    void add_first(const std::string& item, TextChanges& changes) const;
    void erase_comma_behind(std::size_t index, TextChanges& changes) const;

    const TomlStatements& statements_;
    const std::vector<TomlValue>& items_;
    std::size_t open_;
    std::size_t close_;
};

/// Where the comma is that follows an item, behind blanks and comments.
std::optional<std::size_t> ArrayText::comma_behind(std::size_t index) const {
    std::size_t at = items_[index].span.end;
    while (true) {
        at = statements_.text().find_first_not_of(" \t\r\n", at);
        if (statements_.text()[at] != '#') { break; }
        at = statements_.line_end(at);
    }
    return statements_.text()[at] == ',' ? std::optional(at) : std::nullopt;
}

/// Whether nothing else of the array stands on the lines of an item, save its comma.
bool ArrayText::has_line_alone(std::size_t index) const {
    const TomlSpan& item = items_[index].span;
    if (!begins_line(item)) { return false; }
    const std::size_t line_end = statements_.line_end(item.end);
    const std::size_t next = index + 1 < items_.size() ? items_[index + 1].span.begin : close_;
    const auto comma = comma_behind(index);
    return next >= line_end && (!comma || *comma < line_end);
}

void ArrayText::add_first(const std::string& item, TextChanges& changes) const {
    if (is_one_line(open_, close_)) { return changes.replace(open_ + 1, close_, item); }
    const std::size_t line = statements_.line_begin(close_);
    std::string text(statements_.indent(line));
    text += kDefaultIndent;
    changes.insert(line, text + item + std::string(statements_.line_ending(line)));
}

void ArrayText::add(const std::string& item, TextChanges& changes) const {
    if (items_.empty()) { return add_first(item, changes); }
    const std::size_t last_end = items_.back().span.end;
    const std::size_t line_end = statements_.line_end(last_end);
    const std::string ending(statements_.line_ending(statements_.line_begin(last_end)));
    const std::string line = std::string(item_indent()) + item;
    const auto comma = comma_behind(items_.size() - 1);
    if (!has_lines()) {
        const std::size_t count = items_.size();
        std::string between = ", ";
        if (count > 1) {
            between = statements_.text(items_[count - 2].span.end, items_[count - 1].span.begin);
        }
        const bool plain = between.find_first_not_of(" \t,") == std::string::npos;
        changes.insert(last_end, (plain ? between : ", ") + item);
    } else if (closes_behind_item()) {
        changes.insert(last_end, "," + ending + line);
    } else if (!comma) {
        changes.insert(last_end, ",");
        changes.insert(line_end, line + ending);
    } else if (*comma < line_end) {
        changes.insert(line_end, line + "," + ending);
    } else {
        changes.insert(*comma + 1, " " + item);
    }
}

void ArrayText::erase_comma_behind(std::size_t index, TextChanges& changes) const {
    if (const auto comma = comma_behind(index)) { changes.erase(*comma, *comma + 1); }
}

void ArrayText::remove(std::size_t index, TextChanges& changes) const {
    const TomlSpan& item = items_[index].span;
    const auto comma = comma_behind(index);
    const bool last = index + 1 == items_.size();
    if (has_line_alone(index)) {
        changes.erase(statements_.line_begin(item.begin), statements_.line_end(item.end));
        // As it was before the last item was added.
        if (last && !comma && index > 0) { erase_comma_behind(index - 1, changes); }
        return;
    }
    const std::size_t previous = index > 0 ? items_[index - 1].span.end : 0;
    const bool behind_previous = index > 0 && is_one_line(previous, item.begin);
    const bool before_next = !last && is_one_line(item.end, items_[index + 1].span.begin);
    const bool comment_before =
        index > 0 && statements_.text(previous, item.begin).find('#') != std::string_view::npos;
    if (behind_previous || (index > 0 && !before_next && !comment_before)) {
        changes.erase(previous, item.end);
    } else if (before_next) {
        changes.erase(item.begin, items_[index + 1].span.begin);
    } else if (items_.size() == 1 && is_one_line(open_, close_)) {
        changes.erase(open_ + 1, close_);
    } else {
        changes.erase(item.begin, item.end);
        if (comma) { return erase_comma_behind(index, changes); }
        if (index > 0) { erase_comma_behind(index - 1, changes); }
    }
}

}  // namespace

void add_array_item(const TomlStatements& statements, const TomlValue& array,
                    const std::string& item, TextChanges& changes) {
    ArrayText(statements, array).add(item, changes);
}

void remove_array_item(const TomlStatements& statements, const TomlValue& array, std::size_t index,
                       TextChanges& changes) {
    ArrayText(statements, array).remove(index, changes);
}

std::string array_like(const TomlStatements& statements, const TomlValue& model,
                       const TomlValue& array, std::string_view line_ending) {
    const ValueStyle style = value_style_of(statements.text(), model);
    const auto* items = array.get<TomlArray>();
    if (model.get<TomlArray>() == nullptr || items == nullptr) { return to_toml(array, style); }
    const ArrayText form(statements, model);
    if (!form.has_lines()) { return to_toml(array, style); }
    std::string result = "[";
    for (const TomlValue& item : items->items) {
        const bool last = &item == &items->items.back();
        result += line_ending;
        result += form.item_indent();
        result += to_toml(item, style);
        if (!last || form.has_last_comma()) { result += ','; }
    }
    if (!form.closes_behind_item()) {
        result += line_ending;
        result += form.close_indent();
    }
    return result + "]";
}

}  // namespace meridian::zones
