// Reads the regions of a zone and the policies that rank them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/toml_document.h"
#include "meridian/zones/zone.h"

namespace meridian::zones {

/// Reads `[regions]` into `zone`. Expects a file whose keys have been checked.
void read_regions(const TomlTable& file, Zone& zone, Findings& findings);

/// Reads `[policies]` into `zone`, whose regions are there. Expects as above.
void read_policies(const TomlTable& file, Zone& zone, Findings& findings);

/// The policy of that name in `zone.policies`. "nearest" is made of all regions when it is asked
/// for and nobody defined it; `asked_at` is then its position.
std::optional<std::size_t> find_policy(std::string_view name, TextPosition asked_at, Zone& zone);

}  // namespace meridian::zones
