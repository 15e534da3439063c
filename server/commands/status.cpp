// Prints how the running server is.
//
// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "server/commands/command_texts.h"
#include "server/commands/commands.h"
#include "server/commands/control_question.h"
#include "server/commands/report.h"
#include "server/commands/zone_filter.h"
#include "server/control/json_fields.h"
#include "server/control/status_json.h"

namespace meridian::server {

namespace {

constexpr std::chrono::seconds kReplyPatience{2};  // it answers even while it loads

void report_missing(const std::vector<std::string>& missing, const ServerStatus& status) {
    std::vector<std::string_view> names;
    for (const ZoneStatus& zone : status.load.zones) {
        names.emplace_back(zone.name);
    }
    for (const std::string& name : missing) {
        const std::string hint = zones::did_you_mean(name, names);
        print_error("no zone here is called " + name + (hint.empty() ? "" : "; " + hint));
    }
}

}  // namespace

int status(const StatusOptions& options) {
    auto reply = ask_server({options.config_file, options.socket},
                            {.command = ControlCommand::Status}, kReplyPatience);
    if (!reply) {
        const bool is_not_ready = options.ready && reply.error() == NoReply::Silence;
        return is_not_ready ? kExitWrong : kExitCannotRun;
    }
    auto status = status_from_json(*reply);
    if (!status) {
        print_error(status.error());
        return kExitCannotRun;
    }
    if (options.ready) { return status->load.ready ? kExitOk : kExitWrong; }
    const ZoneFilter filter(options.zones);
    const std::vector<std::string> missing = filter.without_zone(*status);
    report_missing(missing, *status);
    filter.apply(*status);
    filter.apply(*reply);
    std::cout << (options.json ? json_line(*reply) + '\n' : status_text(*status));
    return has_problem(*status) || !missing.empty() ? kExitWrong : kExitOk;
}

}  // namespace meridian::server
