// Writes what `meridian check` found as one JSON document.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "meridian/zones/diagnostic.h"
#include "server/sources/load_report.h"

namespace meridian::server {

/// One line. `files` are those that were looked at; each is named with its counts. Files that were
/// not looked at have none: nobody may take them for clean.
std::string check_json(const std::vector<std::string>& files,
                       const std::vector<FileNotRead>& not_read,
                       const zones::Diagnostics& diagnostics);

}  // namespace meridian::server
