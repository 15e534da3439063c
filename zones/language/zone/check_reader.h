// Reads one check: which it is, and what it asks of an address.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/library.h"
#include "meridian/zones/toml_document.h"
#include "zones/language/zone/health_reader.h"

namespace meridian::zones {

/// Whether the key says which check it is, or is a part of one.
bool belongs_to_a_check(std::string_view key);

/// Reads the check of `table`, whose whole key is `path`; none where the table says of none. What
/// is wrong is reported and left out. Expects keys that have been checked.
std::optional<WrittenCheck> read_check(const TomlTable& table, const std::string& path,
                                       const HostRequirement& host, Findings& findings);

/// Reports the parts of a check that the table has without one.
void report_parts(const TomlTable& table, const std::string& path, Findings& findings);

}  // namespace meridian::zones
