// Adds items to arrays of a TOML text and removes them, with their commas and lines.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "zones/editing/text_changes.h"
#include "zones/editing/toml_statements.h"

namespace meridian::zones {

/// Puts `item`, in TOML, behind the last item. Expects an array in brackets.
void add_array_item(const TomlStatements& statements, const TomlValue& array,
                    const std::string& item, TextChanges& changes);

/// Expects an array in brackets with more than `index` items.
void remove_array_item(const TomlStatements& statements, const TomlValue& array, std::size_t index,
                       TextChanges& changes);

/// An array in the form of `model`: with a line for each item if that has one, else on one line.
std::string array_like(const TomlStatements& statements, const TomlValue& model,
                       const TomlValue& array, std::string_view line_ending);

}  // namespace meridian::zones
