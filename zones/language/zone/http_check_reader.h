// Reads what a check over HTTP asks for.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/health.h"
#include "meridian/zones/toml_document.h"

namespace meridian::zones {

/// Reads into `check`, whose kind is there, what `table` says of it. `path` is the whole key of the
/// table, `asked` its entry with the path to ask for. Expects keys that have been checked.
void read_http_check(const TomlEntry& asked, const TomlTable& table, const std::string& path,
                     HealthCheck& check, Findings& findings);

}  // namespace meridian::zones
