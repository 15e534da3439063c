// Starts the process that runs the commands of the settings.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "server/helper/command_runner.h"
#include "server/runtime/settings.h"

namespace meridian::server {

/// Before this process has a thread, a socket or a file that it could inherit; it becomes
/// `server.user` by itself. Null where no command is declared. Where it cannot be started,
/// `problem` says why, and the runner loses every command.
std::shared_ptr<CommandRunner> start_commands(const Settings& settings, std::string& problem);

}  // namespace meridian::server
