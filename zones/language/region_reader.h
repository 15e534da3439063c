// Reads the tables of regions and of the policies that rank them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/library.h"
#include "meridian/zones/toml_document.h"

namespace meridian::zones {

/// Reads `[regions]` of the file called `file_name`. Expects a file whose keys have been checked.
void read_regions(const TomlTable& file, const std::string& file_name, SharedTables& tables,
                  Findings& findings);

/// Reads `[policies]`, which are understood once the regions of the zone are known. Expects as
/// above.
void read_policies(const TomlTable& file, SharedTables& tables);

}  // namespace meridian::zones
