// Writes to the log what a load or reload came to.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/snapshot.h"
#include "server/runtime/log.h"
#include "server/sources/load_report.h"

namespace meridian::server {

/// One line for an error or a warning.
void log_diagnostic(const zones::Diagnostic& diagnostic, Log& log);

/// A line for each diagnostic of a load, and those of the database. None if all went well.
void log_findings(const LoadReport& report, Log& log);

/// The line that each reload ends with: which files changed, and what is served now.
void log_reload(const LoadReport& report, const zones::Snapshot& served,
                std::chrono::milliseconds took, const char* cause, Log& log);

}  // namespace meridian::server
