// Drains regions of the running server, forces them up or down, and releases them.
//
// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

#include "meridian/clock.h"
#include "meridian/limits.h"
#include "meridian/zones/diagnostic.h"
#include "server/commands/command_texts.h"
#include "server/commands/commands.h"
#include "server/commands/control_question.h"
#include "server/commands/report.h"
#include "server/commands/time_options.h"
#include "server/control/json_fields.h"
#include "server/control/override_json.h"
#include "server/runtime/overrides_file.h"

namespace meridian::server {

namespace {

constexpr std::chrono::seconds kSavedPatience{60};  // it is saved behind a reload that is under way

bool is_fine(const OverrideOutcome& outcome) {
    return outcome.result == OverrideResult::Done || outcome.result == OverrideResult::DryRun;
}

void print(const OverrideOutcome& outcome) {
    if (!outcome.problem.empty()) { print_error(outcome.problem); }
    print_lines(is_fine(outcome) ? std::cout : std::cerr,
                override_outcome_text(outcome, unix_seconds(SystemClock().wall())));
    if (!outcome.save_problem.empty()) {
        print_error("it is live, but the next start will not know of it: " + outcome.save_problem);
    }
    if (outcome.result == OverrideResult::Done) {
        print_line(std::cout, other_nameservers_text(outcome));
    }
}

std::string own_name() {
    const std::string user = sudo_user();
    const char* name = user.empty() ? std::getenv("USER") : user.c_str();
    return name == nullptr ? std::string() : std::string(name);
}

/// For the file of overrides, whose ends are points in time.
int print_stanza(const ControlRequest& request) {
    if (!request.by_hand.zone.empty()) {
        print_error("a file of overrides has no --zone; name the zone's file: FILE:REGION");
        return kExitCannotRun;
    }
    const auto asked = read_override_request(request);
    if (!asked) {
        print_error(asked.error());
        return kExitCannotRun;
    }
    const std::int64_t now = unix_seconds(SystemClock().wall());
    std::cout << stanza_of({.kind = asked->kind.value_or(OverrideKind::Drain),
                            .target = asked->target,
                            .until = asked->seconds == 0 ? 0 : now + asked->seconds,
                            .author = own_name(),
                            .reason = asked->reason});
    return kExitOk;
}

int ask(ControlCommand command, const OverrideOptions& options) {
    ControlRequest request{.command = command, .force = options.force};
    request.by_hand = {.target = options.target,
                       .zone = options.zone,
                       .state = options.state,
                       .reason = options.reason,
                       .sudo_user = sudo_user(),
                       .dry_run = options.dry_run};
    if (!options.how_long.empty()) {
        const auto seconds = read_duration(options.how_long);
        if (!seconds) {
            print_error("--for: expected a time such as 90s, 30m, 2h or 1d, not " +
                        zones::quoted(options.how_long));
            return kExitCannotRun;
        }
        request.by_hand.seconds = *seconds;
    }
    if (const auto target = parse_override_target(options.target); !target) {
        print_error(target.error());
        return kExitCannotRun;
    }
    if (options.reason.size() > kMaxReasonOctets) {
        print_error("--reason: expected at most " + std::to_string(kMaxReasonOctets) +
                    " octets, not " + std::to_string(options.reason.size()));
        return kExitCannotRun;
    }
    if (options.print) { return print_stanza(request); }
    const auto reply = ask_server({options.config_file, options.socket}, request, kSavedPatience);
    if (!reply) { return kExitCannotRun; }
    const auto outcome = override_outcome_from_json(*reply);
    if (!outcome) {
        print_error(outcome.error());
        return kExitCannotRun;
    }
    if (options.json) {
        std::cout << json_line(*reply) << '\n';
    } else {
        print(*outcome);
    }
    return is_fine(*outcome) && outcome->save_problem.empty() ? kExitOk : kExitWrong;
}

}  // namespace

int drain(const OverrideOptions& options) {
    return ask(ControlCommand::Drain, options);
}

int force(const OverrideOptions& options) {
    return ask(ControlCommand::Force, options);
}

int release(const OverrideOptions& options) {
    return ask(ControlCommand::Release, options);
}

}  // namespace meridian::server
