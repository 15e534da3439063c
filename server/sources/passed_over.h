// Warns of files in a zones directory whose names are not those of zone files.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "meridian/zones/diagnostic.h"

namespace meridian::server {

/// Whether an operator may have meant a file of this name as a zone file, although it has no such
/// name: `db.b.example`, `b.example`, `b.example.zone.txt`, `named.conf`. Not hidden files, copies
/// that editors and package managers leave behind, README and the like, or other kinds of data.
bool may_be_meant_as_zone(const std::string& name);

/// One warning for all of them, which names the first few. None if `paths` is empty.
std::optional<zones::Diagnostic> passed_over_warning(const std::string& directory,
                                                     const std::vector<std::string>& paths);

}  // namespace meridian::server
