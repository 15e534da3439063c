// Says in a line why a command failed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "server/helper/command.h"

namespace meridian::server {

/// What operators read when nothing can be run any more.
inline constexpr const char* kHelperEnded =
    "the process that runs commands has ended; start the server anew";

/// The first line of its output that is not empty, or "exit 3", "killed by signal 9", "timed out".
/// One line that no terminal obeys.
std::string failure_text(const CommandOutcome& outcome);

}  // namespace meridian::server
