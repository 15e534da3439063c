// Reads the tables of a zone file: regions, policies, services, records.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/library.h"
#include "meridian/zones/model/zone.h"
#include "meridian/zones/toml_document.h"
#include "zones/language/zone/health_reader.h"
#include "zones/model/written_positions.h"

namespace meridian::zones {

/// The names at a key, and where they stand.
std::vector<WrittenName> names_at(const TomlTable& table, std::string_view key);

/// Reads `[regions]` of the file called `file_name`. Expects a file whose keys have been checked.
void read_regions(const TomlTable& file, const std::string& file_name, SharedTables& tables,
                  Findings& findings);

/// Reads `[policies]` as they are written: which regions they mean depends on the zone. Expects as
/// above.
void read_policies(const TomlTable& file, SharedTables& tables);

/// Reads `[services]`, likewise; `host` holds for their checks.
void read_services(const TomlTable& file, const HostRequirement& host, SharedTables& tables,
                   Findings& findings);

/// Reads `[records]` into `zone`, whose apex, nameservers, TTLs, regions, policies and services are
/// there.
///
/// A record with a fault is reported and left out; its RRset stays, so that a name that refers to
/// it is not reported as well. Notes in `positions` where the records of arrays stand.
void read_records(const TomlTable& file, Zone& zone, WrittenPositions& positions,
                  Findings& findings);

}  // namespace meridian::zones
