// Declares what `meridian check` does with its results: JSON, and serials in checked files.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "meridian/clock.h"
#include "meridian/zones/diagnostic.h"
#include "server/sources/load_report.h"

namespace meridian::server {

/// One JSON document on one line. `files` are those that were read; each is named with its counts.
/// Files of `not_read` have no counts, so that a script does not take them for clean.
std::string check_json(const std::vector<std::string>& files,
                       const std::vector<FileNotRead>& not_read,
                       const zones::Diagnostics& diagnostics);

/// Stamps the files whose content has changed since their last stamp, or that have none, and prints
/// a line for each. Returns an ExitCode. Where a file cannot be written, the others are stamped all
/// the same. Expects files without errors.
int stamp_files(const std::vector<std::string>& paths, const Clock& clock);

}  // namespace meridian::server
