// Adds a table to its siblings in a TOML text, in the form that they have.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "zones/editing/text_changes.h"
#include "zones/editing/toml_place.h"
#include "zones/editing/toml_statements.h"

namespace meridian::zones {

struct NewTable {
    std::span<const std::string> path;  ///< Of the new table itself.
    const TomlTable& content;
    std::span<const std::string_view> followers;  ///< Top tables that stand below it.
};

/// `parent` is where the path without its last key leads; `siblings` is the table there, null when
/// there is none.
void add_sibling(const TomlStatements& statements, const TomlPlace& parent,
                 const TomlEntry* siblings, const TomlTable& root, const NewTable& added,
                 TextChanges& changes);

}  // namespace meridian::zones
