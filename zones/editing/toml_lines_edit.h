// Adds whole lines to a TOML text and takes them out, with the blanks and comments around them.
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

/// Puts `lines`, which have no line ends, where the line at `at` begins or the text ends; `blanks`
/// empty lines go before them.
void insert_lines(const TomlStatements& statements, std::size_t at, std::size_t blanks,
                  const std::vector<std::string>& lines, TextChanges& changes);

/// Takes out statements, whose indices rise, with the comments that belong to them.
void remove_statements(const TomlStatements& statements, std::span<const std::size_t> indices,
                       TextChanges& changes);

/// Where the last run of statements among `indices` begins: those that follow each other.
std::size_t begin_of_last_run(std::span<const std::size_t> indices);

}  // namespace meridian::zones
