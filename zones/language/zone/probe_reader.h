// Reads what is checked instead of the addresses of a service.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/library.h"
#include "meridian/zones/toml_document.h"

namespace meridian::zones {

/// Reads `probe.REGION` of the table of a service at `path`: addresses and names of hosts, without
/// those that are reported. Names are complete: the zone is not appended.
void read_probes(const TomlTable& table, const std::string& path, WrittenService& service,
                 Findings& findings);

}  // namespace meridian::zones
