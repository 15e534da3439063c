// Drains regions of the running server, forces them up or down, and releases them.
//
// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "meridian/zones/diagnostic.h"
#include "server/commands/command_texts.h"
#include "server/commands/commands.h"
#include "server/commands/control_question.h"
#include "server/commands/report.h"
#include "server/control/json_fields.h"
#include "server/control/override_json.h"

namespace meridian::server {

namespace {

constexpr std::chrono::seconds kPatience{60};  // it is saved behind a reload that is under way

std::int64_t seconds_of_unit(std::string_view unit) {
    constexpr std::int64_t kMinute = 60;
    constexpr std::int64_t kHour = 60 * kMinute;
    constexpr std::int64_t kDay = 24 * kHour;
    if (unit.empty() || unit == "s") { return 1; }
    if (unit == "m" || unit == "min") { return kMinute; }
    if (unit == "h") { return kHour; }
    if (unit == "d") { return kDay; }
    return unit == "w" ? 7 * kDay : 0;
}

/// "90", "90s", "30m", "2h", "1d", "2w"
std::optional<std::int64_t> read_seconds(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 1 || number > kMaxOverrideSeconds) { return {}; }
    const std::int64_t unit =
        seconds_of_unit(text.substr(static_cast<std::size_t>(end - text.data())));
    if (unit == 0 || number > kMaxOverrideSeconds / unit) { return {}; }
    return number * unit;
}

std::string environment(const char* name) {
    const char* text = std::getenv(name);
    return text == nullptr ? std::string() : std::string(text);
}

std::int64_t unix_now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

bool is_fine(const OverrideOutcome& outcome) {
    return outcome.result == OverrideResult::Done || outcome.result == OverrideResult::DryRun;
}

void print(const OverrideOutcome& outcome) {
    if (!outcome.problem.empty()) { print_error(outcome.problem); }
    print_lines(is_fine(outcome) ? std::cout : std::cerr,
                override_outcome_text(outcome, unix_now()));
    if (!outcome.save_problem.empty()) {
        print_error("it is live, but the next start will not know of it: " + outcome.save_problem);
    }
    if (outcome.result == OverrideResult::Done) {
        print_line(std::cout, "this server only: repeat it on the zone's other nameservers");
    }
}

int ask(ControlCommand command, const OverrideOptions& options) {
    ControlRequest request{.command = command, .force = options.force};
    request.by_hand = {.target = options.target,
                       .state = options.state,
                       .reason = options.reason,
                       .sudo_user = environment("SUDO_USER"),
                       .dry_run = options.dry_run};
    if (!options.how_long.empty()) {
        const auto seconds = read_seconds(options.how_long);
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
    const auto reply = ask_server({options.config_file, options.socket}, request, kPatience);
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
