// Answers what operators ask a running server.
//
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/commands/commands.h"
#include "server/commands/server_parts.h"
#include "server/control/socket_path.h"
#include "server/runtime/explanation.h"
#include "server/runtime/nameservers.h"
#include "server/runtime/override_notes.h"
#include "server/runtime/takeover.h"
#include "server/sources/drained_line.h"

namespace meridian::server {

namespace {

constexpr std::chrono::milliseconds kLogPatience{2'000};   // with a log that takes no lines
constexpr std::chrono::milliseconds kStatusPatience{500};  // likewise, while `status` waits

/// Any thread, once there are listeners.
ServerStatus status_of(Server& server) {
    const auto uptime = server.clock.steady() - server.start;
    HealthStatus health = server.health->status();
    if (server.notices != nullptr) {
        if (std::string problem = server.notices->problem(); !problem.empty()) {
            health.problems.push_back(std::move(problem));
        }
    }
    std::vector<std::string> listen;
    std::ranges::transform(server.listeners->endpoints(), std::back_inserter(listen),
                           &Endpoint::to_string);
    return {.version = version_number(),
            .pid = getpid(),
            .now = unix_seconds(server.clock.wall()),
            .started = unix_seconds(server.start_date),
            .uptime_seconds = std::chrono::duration_cast<std::chrono::seconds>(uptime).count(),
            .configuration = absolute_path(server.settings.file),
            .listen = std::move(listen),
            .state_directory = server.board.state_directory(),
            .reloading_since = server.board.reloading_since(),
            .clock_trusted = server.clock.is_date_trusted(),
            .log_problem = server.log->reopen_problem_now(kStatusPatience),
            .state_problem = server.board.state_problem(),
            .overrides_loss = server.board.overrides_loss(),
            .load = *server.board.latest(),
            .queries = server.listeners->counts(),
            .answers = busiest(server.answers->read(), kMaxStatusRegions),
            .health = std::move(health)};
}

/// Reopens the log, since the operator may have moved it away, and reloads. Where the log cannot be
/// opened, the outcome has a diagnostic of log.to.
void reload_for(Server& server, bool force, const std::string& author, Reloader::Done done) {
    server.log->reopen();
    server.reloader->request(
        force, author, [&server, done = std::move(done)](ReloadOutcome outcome) {
            const std::string problem = server.log->reopen_problem_within(kLogPatience);
            if (!problem.empty()) {
                zones::Diagnostic diagnostic;
                diagnostic.key = "log.to";
                diagnostic.text = problem;
                outcome.diagnostics.push_back(std::move(diagnostic));
                if (outcome.is_good()) { outcome.result = ReloadResult::Partly; }
            }
            done(outcome);
        });
}

/// Where the control socket belongs, once `problem` is empty.
ControlPlace control_place(const StateDirectory& state, const std::string& problem) {
    if (!problem.empty()) { return {.problem = problem}; }
    return {state.share(), state.path() + "/" + std::string(kControlSocket), {}};
}

ControlHandlers control_handlers(Server& server) {
    ControlHandlers handlers;
    handlers.status = [&server] { return status_of(server); };
    handlers.find_place = [&server](std::function<void(ControlPlace)> done) {
        server.reloader->hold_state([&server, done = std::move(done)](const StateDirectory& state,
                                                                      const std::string& problem) {
            if (problem.empty()) {
                server.board.set_state_directory(absolute_path(state.path()));
                server.journal->use(state.for_thread());  // it may be another one
                server.health->save_again();
            }
            done(control_place(state, problem));
        });
    };
    handlers.warn = [&server](const std::string& line) { server.log->warning(line); };
    const auto reader = std::make_shared<Publisher::Reader>(server.publisher->add_reader());
    handlers.why = [&server, reader](const Question& question) {
        const auto served = reader->read();
        Explanation explanation =
            explain_answer(served->serving, question, *server.board.latest(), *server.board.seen(),
                           unix_seconds(server.clock.wall()));
        add_override_notes(server.health->overrides(), explanation.verdict);
        return explanation;
    };
    handlers.by_hand = [&server](OverrideRequest request,
                                 std::function<void(OverrideOutcome)> done) {
        if (!request.zone.empty()) { request.zone_files = server.board.files_of(request.zone); }
        server.health->carry_out(
            request, [&server, done = std::move(done)](OverrideOutcome outcome) {
                for (HitRegion& region : outcome.preview.regions) {
                    if (!region.is_drained_in_file) { continue; }
                    region.drained_line = drained_line(region.file, region.region);
                }
                if (outcome.result == OverrideResult::Done) {
                    add_nameservers(server.publisher->current()->serving,
                                    server.listeners->endpoints(), outcome);
                }
                if (outcome.result != OverrideResult::DryRun) { return done(std::move(outcome)); }
                // On a thread that holds up neither checks nor other operators.
                server.reloader->use_state([&server, done, outcome = std::move(outcome)](
                                               const StateDirectory&) mutable {
                    count_shares(*server.publisher->current()->serving.snapshot(), outcome.preview);
                    done(std::move(outcome));
                });
            });
    };
    handlers.reload = [&server](bool force, const std::string& author, Reloader::Done done) {
        reload_for(server, force, author, std::move(done));
    };
    return handlers;
}

}  // namespace

void open_control(Server& server) {
    const StateDirectory& state = server.data->state();
    const ControlOptions options{.configuration = absolute_path(server.settings.file),
                                 .group = server.control_group};
    const ControlHandlers handlers = control_handlers(server);
    std::string problem = state.problem();
    if (state.saves()) {
        server.board.set_state_directory(absolute_path(state.path()));
        ControlPlace place = control_place(state, {});
        auto control =
            ControlServer::open(std::move(place.directory), place.path, handlers, options);
        if (!control) { problem = control.error(); }
        if (control) { server.control = std::move(control).value(); }
    }
    if (!server.control) {
        server.log->warning(
            "there is no control socket" +
            (state.saves() ? ": " + problem : ", because there is no state directory for it") +
            "; it is tried again every few seconds, and at a SIGHUP");
        server.control = ControlServer::without_socket(problem, handlers, options);
    }
    server.control->start();
}

}  // namespace meridian::server
