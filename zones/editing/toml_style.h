// Writes keys and values of TOML the way their neighbours are written.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "zones/editing/toml_statements.h"

namespace meridian::zones {

/// How values look.
struct ValueStyle {
    char quote = '"';
    std::string comma = ", ";
    std::string bracket_space;      ///< Within [ ].
    std::string brace_space = " ";  ///< Within { }.
    std::string brace_comma = ", ";
    std::string brace_before = " ";  ///< Before "=" within { }.
    std::string brace_after = " ";
};

/// Learns from `model` and what is below it.
ValueStyle value_style_of(std::string_view text, const TomlValue& model);
ValueStyle value_style_of(std::string_view text, const TomlTable& model);

std::string to_toml(const TomlValue& value, const ValueStyle& style);
/// Keys in the order of `model`, which may be null, then the others.
std::string to_toml(const TomlTable& table, const TomlTable* model, const ValueStyle& style);
std::string key_to_toml(std::string_view key);  ///< Quoted where it has to be.
/// `a.b."c d"`
std::string keys_to_toml(std::span<const std::string> keys);

/// The entries of `table`, those that `model` has in its order first; `model` may be null.
std::vector<const TomlEntry*> in_order_of(const TomlTable* model, const TomlTable& table);

/// What stands around "=".
struct EqualsStyle {
    std::string before = " ";
    std::string after = " ";
    std::size_t column = 0;  ///< Where "=" stands in the line, in octets; 0: directly behind.

    /// The line from `key`, with its indentation, to where the value begins.
    [[nodiscard]] std::string line(std::string_view key) const;
    /// Moves the column behind the longest of `keys`.
    void make_room(std::span<const std::string> keys);
};

/// Learns from those of the statements that are keys with values.
EqualsStyle equals_style_of(const TomlStatements& statements, std::span<const std::size_t> indices);

}  // namespace meridian::zones
