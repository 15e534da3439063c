// Has the running server load again, and prints the outcome.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>

#include "server/commands/command_texts.h"
#include "server/commands/commands.h"
#include "server/commands/control_question.h"
#include "server/commands/report.h"
#include "server/control/json_fields.h"
#include "server/control/reload_json.h"

namespace meridian::server {

namespace {

std::string_view result_text(ReloadResult result) {
    switch (result) {
        case ReloadResult::Reloaded:
            return "reloaded";
        case ReloadResult::Unchanged:
            return "nothing has changed";
        case ReloadResult::Partly:
            return "reloaded in part; what has errors goes on as it was";
        case ReloadResult::HeldBack:
            return "held back; --force lets it through";
        case ReloadResult::Failed:
            break;
    }
    return "nothing is reloaded; what ran before goes on";
}

void print(const ReloadOutcome& outcome) {
    for (const zones::Diagnostic& diagnostic : outcome.diagnostics) {
        // A diagnostic without a file has no position to show.
        if (diagnostic.file.empty()) {
            print_error((diagnostic.key.empty() ? "" : diagnostic.key + ": ") + diagnostic.text);
        } else {
            print_diagnostics({diagnostic});
        }
    }
    const auto errors = std::ranges::count(outcome.diagnostics, zones::Severity::Error,
                                           &zones::Diagnostic::severity);
    const auto all = outcome.diagnostics.size();
    const auto error_count = static_cast<std::size_t>(errors);
    std::cout << result_text(outcome.result) << ": generation " << outcome.generation << ", in "
              << outcome.milliseconds << " ms, " << count_text(error_count, "error") << ", "
              << count_text(all - error_count, "warning") << '\n';
    for (const std::string& line : change_lines(outcome.change)) {
        print_line(std::cout, line);
    }
    if (!outcome.needs_restart.empty()) {
        print_line(std::cout, restart_text(outcome.needs_restart));
    }
}

}  // namespace

int reload(const ReloadOptions& options) {
    const std::chrono::duration<double> timeout(options.timeout_seconds);
    const auto reply = ask_server({options.config_file, options.socket},
                                  {.command = ControlCommand::Reload,
                                   .force = options.force,
                                   .by_hand = {.sudo_user = sudo_user()}},
                                  std::chrono::duration_cast<std::chrono::milliseconds>(timeout));
    if (!reply) { return kExitCannotRun; }
    const auto outcome = reload_from_json(*reply);
    if (!outcome) {
        print_error(outcome.error());
        return kExitCannotRun;
    }
    if (options.json) {
        std::cout << json_line(*reply) << '\n';
    } else {
        print(*outcome);
    }
    return outcome->is_good() ? kExitOk : kExitWrong;
}

}  // namespace meridian::server
