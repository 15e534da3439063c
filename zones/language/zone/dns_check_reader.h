// Reads what a check asks of a nameserver.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/health.h"
#include "meridian/zones/toml_document.h"

namespace meridian::zones {

/// Reads into `check` what `table` says of the question and its answer. `path` is the whole key of
/// the table, `asked` its entry with the name. Expects keys that have been checked.
void read_dns_check(const TomlEntry& asked, const TomlTable& table, const std::string& path,
                    HealthCheck& check, Findings& findings);

}  // namespace meridian::zones
