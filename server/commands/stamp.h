// Writes serials into zone files that have been checked.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "meridian/clock.h"

namespace meridian::server {

/// Stamps the files whose content has changed since they were stamped, or never were, and says for
/// each what became of it. Returns an ExitCode; a file that could not be written does not keep the
/// others from it. Expects files without errors.
int stamp_files(const std::vector<std::string>& paths, const Clock& clock);

}  // namespace meridian::server
