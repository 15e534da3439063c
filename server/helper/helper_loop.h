// Runs commands for the server, in a process of its own.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "meridian/file_descriptor.h"
#include "server/helper/command.h"

namespace meridian::server {

/// Serves the other end of `socket` until that is closed, or sends what the server never sends;
/// then kills all that runs and returns. At most kMaxCommandsAtOnce run at once. Expects a process
/// with one thread.
void run_helper(const FileDescriptor& socket, const std::vector<CommandLine>& commands);

}  // namespace meridian::server
