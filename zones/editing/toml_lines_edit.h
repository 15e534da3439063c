// Adds whole lines to a TOML text and removes them, with the blanks and comments around them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "zones/editing/text_changes.h"
#include "zones/editing/toml_statements.h"

namespace meridian::zones {

/// Inserts `lines`, which have no line ends, in front of the line at `at` or at the end of the
/// text, with `blanks` empty lines above them.
void insert_lines(const TomlStatements& statements, std::size_t at, std::size_t blanks,
                  const std::vector<std::string>& lines, TextChanges& changes);

/// Removes statements, whose indices rise, with the comments that belong to them.
void remove_statements(const TomlStatements& statements, std::span<const std::size_t> indices,
                       TextChanges& changes);

/// Where the last run among `indices` begins. A run is a row of statements that follow each other.
std::size_t begin_of_last_run(std::span<const std::size_t> indices);

}  // namespace meridian::zones
