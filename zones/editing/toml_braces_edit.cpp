// Adds keys to tables in braces and removes them, with their commas.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/editing/toml_braces_edit.h"

#include <algorithm>

namespace meridian::zones {

BracesText::BracesText(std::string_view text, const TomlValue& braces)
    : text_(text),
      table_(*braces.get<TomlTable>()),
      open_(braces.span.begin),
      close_(braces.span.end - 1),
      style_(value_style_of(text, braces)) {
    collect(table_, items_);
    std::ranges::sort(items_, {}, &Item::end);
    // What comes before the last part of a dotted key has no span of its own.
    std::size_t behind = open_ + 1;
    for (Item& item : items_) {
        item.begin = text_.find_first_not_of(" \t,", behind);
        behind = item.end;
    }
    if (items_.size() > 1) {
        const std::size_t end = items_[0].end;
        style_.brace_comma = text_.substr(end, items_[1].begin - end);
    }
}

void BracesText::collect(const TomlTable& table, std::vector<Item>& into) const {
    for (const TomlEntry& entry : table.entries()) {
        collect(entry, into);
    }
}

void BracesText::collect(const TomlEntry& entry, std::vector<Item>& into) const {
    const auto* table = entry.value.get<TomlTable>();
    if (table != nullptr && !is_in_braces(text_, entry.value)) { return collect(*table, into); }
    into.push_back({0, entry.value.span.end});
}

void BracesText::add(const TomlTable& table, const std::string& key, const std::string& value,
                     TextChanges& changes) const {
    const std::string item = key + style_.brace_before + "=" + style_.brace_after + value;
    if (items_.empty()) { return changes.replace(open_ + 1, close_, " " + item + " "); }
    std::vector<Item> below;
    collect(table, below);
    const std::size_t end = std::ranges::max(below, {}, &Item::end).end;
    changes.insert(end, style_.brace_comma + item);
}

void BracesText::remove(const TomlEntry& entry, TextChanges& changes) const {
    std::vector<Item> gone;
    collect(entry, gone);
    const auto is_gone = [&](const Item& item) {
        return std::ranges::find(gone, item.end, &Item::end) != gone.end();
    };
    if (gone.size() == items_.size()) { return changes.erase(open_ + 1, close_); }
    bool some_stay = false;
    for (std::size_t i = 0; i < items_.size(); ++i) {
        if (!is_gone(items_[i])) {
            // Those in front of the first that stays go up to it, the others from the one before.
            if (!some_stay) { changes.erase(items_[0].begin, items_[i].begin); }
            some_stay = true;
        } else if (some_stay) {
            changes.erase(items_[i - 1].end, items_[i].end);
        }
    }
}

}  // namespace meridian::zones
