// Adds keys to tables in braces and removes them, with their commas.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "zones/editing/text_changes.h"
#include "zones/editing/toml_statements.h"
#include "zones/editing/toml_style.h"

namespace meridian::zones {

/// A table in braces as a row of `key = value`, dotted keys and all.
class BracesText {
public:
    /// Expects a value in braces; it outlives this.
    BracesText(std::string_view text, const TomlValue& braces);

    [[nodiscard]] const ValueStyle& style() const { return style_; }
    /// Adds `key` and `value`, both in TOML, behind the last entry below `table`: the table in
    /// braces itself, or one in it that dotted keys make.
    void add(const TomlTable& table, const std::string& key, const std::string& value,
             TextChanges& changes) const;
    /// Removes an entry with all below it.
    void remove(const TomlEntry& entry, TextChanges& changes) const;

private:
    struct Item {
        std::size_t begin = 0;  // of its key
        std::size_t end = 0;    // of its value
    };
    void collect(const TomlTable& table, std::vector<Item>& into) const;
    void collect(const TomlEntry& entry, std::vector<Item>& into) const;

    std::string_view text_;
    const TomlTable& table_;
    std::size_t open_;
    std::size_t close_;
    ValueStyle style_;
    std::vector<Item> items_;
};

}  // namespace meridian::zones
