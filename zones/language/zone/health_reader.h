// Reads the tables of health: `[health]`, and those of services.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/library.h"
#include "meridian/zones/toml_document.h"

namespace meridian::zones {

/// Why the checks of a file have to name their host.
struct HostRequirement {
    std::string why;     ///< Empty: they need not where one name alone is steered so.
    std::string likely;  ///< A host that they may mean.
};

/// What inherits from a table, and what it inherits from.
enum class HealthOf : std::uint8_t {
    Zone,     ///< It has a check.
    Service,  ///< Without a check it has that of the zone.
};

/// Reads the table at `health` of `parent`, whose own key is `path`; none where there is no table.
/// What is wrong is reported and left out. Expects keys that have been checked.
std::optional<WrittenHealth> read_health(const TomlTable& parent, const std::string& path,
                                         HealthOf whose, const HostRequirement& host,
                                         Findings& findings);

}  // namespace meridian::zones
