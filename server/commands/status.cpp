// Tells how the running server is.
//
// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <iostream>

#include "server/commands/commands.h"
#include "server/commands/control_question.h"
#include "server/commands/report.h"
#include "server/commands/status_text.h"
#include "server/control/json_fields.h"
#include "server/control/status_json.h"

namespace meridian::server {

namespace {

constexpr std::chrono::seconds kPatience{2};  // it answers even while it loads

}  // namespace

int status(const StatusOptions& options) {
    const auto reply = ask_server({options.config_file, options.socket},
                                  {.command = ControlCommand::Status}, kPatience);
    if (!reply) {
        const bool is_not_ready = options.ready && reply.error() == NoReply::Silence;
        return is_not_ready ? kExitWrong : kExitCannotRun;
    }
    const auto status = status_from_json(*reply);
    if (!status) {
        print_error(status.error());
        return kExitCannotRun;
    }
    if (options.ready) { return status->load.ready ? kExitOk : kExitWrong; }
    std::cout << (options.json ? json_line(*reply) + '\n' : status_text(*status));
    return has_problem(*status) ? kExitWrong : kExitOk;
}

}  // namespace meridian::server
