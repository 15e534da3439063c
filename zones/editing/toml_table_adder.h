// Adds a table to its siblings in a TOML text, in the form that they have.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "zones/editing/followed_path.h"
#include "zones/editing/text_changes.h"
#include "zones/editing/toml_statements.h"

namespace meridian::zones {

struct NewTable {
    std::span<const std::string> path;  ///< Of the new table itself.
    const TomlTable& content;
    std::span<const std::string_view> followers;  ///< Top tables that stand below it.
};

/// Adds a table. `parent` is the place of its path without the last key; `siblings` is the table
/// there, null when there is none.
void add_sibling(const TomlStatements& statements, const FollowedPath& parent,
                 const TomlEntry* siblings, const TomlTable& root, const NewTable& added,
                 TextChanges& changes);

}  // namespace meridian::zones
