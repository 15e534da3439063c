// Starts the process that runs commands for the server.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "meridian/file_descriptor.h"
#include "meridian/result.h"
#include "server/helper/command.h"

namespace meridian::server {

/// Forks a process that runs these commands and no others, and returns the socket to it; see
/// helper_message.h. It ends, with all that it runs, when the socket is closed: so also when the
/// server is killed.
///
/// It holds no descriptor but its socket, and no signal but SIGKILL ends it: a terminal sends
/// signals to it, too, and the server says when to end. `become` gives up rights in
/// it; where that returns false it ends at once. Expects a process with one thread, since threads
/// do not survive a fork. The error is in words.
Result<FileDescriptor, std::string> start_helper(const std::vector<CommandLine>& commands,
                                                 const std::function<bool()>& become);

}  // namespace meridian::server
