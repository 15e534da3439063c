// Reads the tables of a file that zones can share.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/library.h"
#include "meridian/zones/toml_document.h"
#include "zones/language/zone/health_reader.h"

namespace meridian::zones {

/// Whether `key` may stand at the top of zone files alone.
bool is_zones_own(std::string_view key);

/// Whether a file without `zone` is a library: it has a table to share and no key of zones alone.
bool is_library(const TomlTable& file);

/// Reads the tables that can be shared, of a zone file or a library called `file_name`, whose
/// checks have to name their host as `host` says. Expects a file whose keys have been checked.
SharedTables read_shared_tables(const TomlTable& file, const std::string& file_name,
                                const HostRequirement& host, Findings& findings);

}  // namespace meridian::zones
