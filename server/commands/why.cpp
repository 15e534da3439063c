// Explains the answer that one client gets.
//
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "meridian/clock.h"
#include "server/commands/command_texts.h"
#include "server/commands/commands.h"
#include "server/commands/control_question.h"
#include "server/commands/report.h"
#include "server/commands/time_options.h"
#include "server/control/explanation_json.h"
#include "server/control/json_fields.h"
#include "server/journal/journal_reading.h"
#include "server/runtime/explanation.h"
#include "server/runtime/override_notes.h"
#include "server/runtime/past.h"
#include "server/runtime/server_user.h"
#include "server/runtime/status_board.h"
#include "server/runtime/status_keeper.h"
#include "server/sources/served_data.h"

namespace meridian::server {

namespace {

constexpr std::chrono::seconds kWhyPatience{10};  // it explains even while it loads

int print(const Explanation& explanation, bool json) {
    if (json) {
        std::cout << json_line(explanation_json(explanation)) << '\n';
    } else {
        std::cout << why_text(explanation, wants_colour(STDOUT_FILENO));
    }
    return explanation.verdict.answer.empty() ? kExitWrong : kExitOk;
}

/// Today's zones and database with the states and the overrides of a time in the past.
Explanation explain_past(const std::shared_ptr<const zones::Snapshot>& snapshot,
                         const Question& question, const StatusBoard& board,
                         const JournalReading& journal, std::int64_t time) {
    const Past past = past_of(*snapshot, journal, time);
    Explanation explanation = explain_answer(zones::Serving(snapshot, past.live), question,
                                             *board.latest(), *board.seen(), time);
    add_override_notes(past.overrides, explanation.verdict);
    std::vector<std::string>& differences = explanation.differences;
    differences.insert(differences.end(), past.doubts.begin(), past.doubts.end());
    for (std::string& each : differences_since(journal, time, explanation.verdict.zone)) {
        differences.push_back(std::move(each));
    }
    return explanation;
}

/// What the files say now, as a start would take them.
int explain_files(const WhyOptions& options, const Question& question) {
    const auto settings = load_settings_or_print(options.config_file);
    if (!settings) { return kExitWrong; }
    const SystemClock clock;
    ServedData data(
        {.zones_directory = settings->zones_directory,
         .databases = settings->databases,
         .max_probes = settings->health.max_probes,
         .commands = command_names(settings->health)},
        StateDirectory::open_as_start(settings->state_places, owner_of_state(*settings)), clock);
    const LoadReport report = data.load();
    if (!report.snapshot) {
        print_diagnostics(report.diagnostics);
        if (!report.database_error.empty()) {
            print_error("geo database: " + report.database_error);
        }
        return kExitWrong;
    }
    StatusBoard board;
    StatusKeeper(data, board, clock).note_start(report);
    const std::int64_t now = unix_seconds(clock.wall());
    if (options.at.empty()) {
        const Past planned = planned_for(*report.snapshot, now);
        Explanation explanation = explain_answer(zones::Serving(report.snapshot, planned.live),
                                                 question, *board.latest(), *board.seen(), now);
        add_override_notes(planned.overrides, explanation.verdict);
        return print(explanation, options.json);
    }
    const auto time = read_moment(options.at, now);
    if (!time || *time > now) {
        print_error(time ? "--at: " + options.at + " lies in the future"
                         : no_moment("--at", options.at));
        return kExitCannotRun;
    }
    const StateDirectory state = StateDirectory::open_to_show(settings->state_places);
    const JournalReading journal = read_journal(state);
    if (journal.is_forbidden) {
        print_journal_forbidden(state.path());
        return kExitCannotRun;
    }
    print_journal_problems(journal);
    return print(explain_past(report.snapshot, question, board, journal, *time), options.json);
}

int explain_server(const WhyOptions& options) {
    const auto reply =
        ask_server({options.config_file, options.socket},
                   {.command = ControlCommand::Why, .question = options.question}, kWhyPatience);
    if (!reply) { return kExitCannotRun; }
    const auto explanation = explanation_from_json(*reply);
    if (!explanation) {
        print_error(explanation.error());
        return kExitCannotRun;
    }
    return print(*explanation, options.json);
}

}  // namespace

int why(const WhyOptions& options) {
    const auto question = read_question(options.question);
    if (!question) {
        print_error(question.error());
        return kExitCannotRun;
    }
    const bool asks_server = options.server || !options.socket.empty();
    return asks_server ? explain_server(options) : explain_files(options, *question);
}

}  // namespace meridian::server
