// Starts the process that runs the commands of the settings.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/command_start.h"

#include <utility>
#include <vector>

#include "server/helper/helper_process.h"
#include "server/runtime/privileges.h"
#include "server/runtime/server_user.h"

namespace meridian::server {

std::shared_ptr<CommandRunner> start_commands(const Settings& settings, std::string& problem) {
    const std::vector<CommandLine> lines = lines_of_commands(settings.health);
    if (lines.empty()) { return nullptr; }
    auto helper = start_helper(lines, [&settings] {
        const auto user = user_to_become(settings);
        if (!user) { return false; }
        return !*user || become_user(**user).ok();
    });
    if (!helper) { problem = helper.error(); }
    return std::make_shared<CommandRunner>(helper ? std::move(helper).value() : FileDescriptor());
}

}  // namespace meridian::server
