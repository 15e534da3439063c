// Runs the server: loads, binds, serves, reloads, stops.
//
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "server/commands/commands.h"
#include "server/commands/report.h"
#include "server/commands/server_parts.h"
#include "server/runtime/background.h"
#include "server/runtime/command_start.h"
#include "server/runtime/health_outlets.h"
#include "server/runtime/health_store.h"
#include "server/runtime/journal_notes.h"
#include "server/runtime/log_target.h"
#include "server/runtime/process_set_up.h"
#include "server/runtime/reload_log.h"
#include "server/runtime/server_user.h"
#include "server/runtime/service_manager.h"
#include "server/runtime/settings_diagnostics.h"
#include "server/runtime/signals.h"
#include "server/runtime/state_saver.h"

namespace meridian::server {

namespace {

constexpr std::chrono::milliseconds kDrainTime{2'000};     // for TCP clients to get their answers
constexpr std::chrono::milliseconds kStopDeadline{4'500};  // stopping takes less than 5 s

std::string endpoints_text(const std::vector<Endpoint>& endpoints) {
    std::string text;
    for (const Endpoint& endpoint : endpoints) {
        if (!text.empty()) { text += ' '; }
        text += endpoint.to_string();
    }
    return text;
}

std::string state_text(const StateDirectory& state) {
    return state.saves() ? state.path() : "not saved";
}

std::size_t udp_workers_of(const Settings& settings) {
    return settings.workers.value_or(std::max(1U, std::thread::hardware_concurrency()));
}

void warn_of_user(const Settings& settings, Log& log) {
    if (!is_root() && settings.user) {
        log.warning("not started as root, so server.user has no effect",
                    {{"user", *settings.user}});
    } else if (is_root() && settings.user) {
        log.warning("running as root, because server.user names root; name another user",
                    {{"user", *settings.user}});
    } else if (is_root()) {
        log.warning("running as root; name a user in server.user to become");
    }
}

Result<Unit, std::string> let_group_pass(Server& server) {
    if (!server.control_group || !server.state.saves()) { return Unit{}; }
    return server.state.let_pass(*server.control_group);
}

/// Opens what root alone may open, the log and the state directory, and becomes the user, who reads
/// everything else, above all files that others wrote. No thread starts before, since each thread
/// has rights of its own. This and the next steps return false, with the error printed, where the
/// start ends.
bool give_up_root(Server& server) {
    const auto group = control_group_of(server.settings);
    if (!group) {
        print_diagnostics({group.error()});
        return false;
    }
    server.control_group = *group;
    const auto found = user_to_become(server.settings);
    if (!found) {
        print_error("server.user: " + found.error());
        return false;
    }
    const std::optional<SystemUser>& user = *found;
    std::optional<FutureOwner> future;
    if (user) { future = FutureOwner{user->user_id, user->group_id}; }
    auto target = open_log_target(server.settings.log.to, future);
    if (!target) {
        print_error(target.error());
        return false;
    }
    server.state = StateDirectory::open_to_write(server.settings.state_places, future);
    Result<Unit, std::string> given{Unit{}};
    if (user) {
        given = server.state.hand_over(*future);
        Background::keep_way_back();
        if (given) { given = let_group_pass(server); }
        auto binder = become_user(*user, server.control_group);
        if (!binder) {
            print_error(binder.error());
            return false;
        }
        server.binder = std::move(binder).value();
    } else {
        given = let_group_pass(server);
    }
    auto log = Log::start(server.settings.log, std::move(target).value());
    if (!log) {
        print_error(log.error());
        return false;
    }
    server.log = std::move(log).value();
    if (!user) { warn_of_user(server.settings, *server.log); }
    if (!given) { server.log->warning(given.error()); }
    const std::string& to = server.settings.log.to;
    for (const std::string& problem : {why_not_made_anew(to), why_log_is_exposed(to)}) {
        if (!problem.empty()) { server.log->warning("log.to: " + problem); }
    }
    return true;
}

LoadReport load_unless_stopped(Server& server) {
    const StopWhileLoading stop(*server.log);
    return server.data->load();
}

/// Before a reload finds it: the server sees no edit of it from the start on.
void note_unreadable_settings(const UnreadableFile& file, StatusKeeper& keeper) {
    keeper.note_settings(
        {zones::diagnostic_of(diagnostics::kUnreadableSettings, file.path, {}, {}, {file.problem})},
        {});
}

bool load_data(Server& server, const zones::Diagnostics& settings_warnings) {
    server.data =
        std::make_unique<ServedData>(DataPaths{.zones_directory = server.settings.zones_directory,
                                               .databases = server.settings.databases,
                                               .max_probes = server.settings.health.max_probes,
                                               .commands = command_names(server.settings.health)},
                                     std::move(server.state), server.clock);
    const LoadReport report = load_unless_stopped(server);
    std::vector<UnreadableFile> unreadable;  // by the user; root could read them
    if (server.binder) {
        unreadable = unreadable_files(*server.settings.user, server.settings, server.data->seen());
    }
    if (!report.snapshot) {
        // On the terminal, with source lines, wherever the log goes: the operator waits for the
        // start.
        print_diagnostics(report.diagnostics);
        if (!report.database_error.empty()) {
            print_error("geo database: " + report.database_error);
        }
        for (const UnreadableFile& file : unreadable) {
            print_error(file.problem);
        }
        print_error("not started, because what is to be served has errors");
        return false;
    }
    for (const zones::Diagnostic& warning : settings_warnings) {
        server.log->warning(zones::to_log_line(warning));
    }
    if (const std::string& problem = server.data->state().problem(); !problem.empty()) {
        server.log->warning(problem);
    }
    log_findings(report, *server.log);
    server.keeper = std::make_unique<StatusKeeper>(*server.data, server.board, server.clock);
    for (const UnreadableFile& file : unreadable) {
        server.log->error(file.problem);
        if (file.path == server.settings.file) { note_unreadable_settings(file, *server.keeper); }
    }
    server.keeper->note_start(report);
    const std::size_t answering = udp_workers_of(server.settings) + 1;  // with the one for TCP
    server.publisher =
        std::make_unique<Publisher>(first_served(report.snapshot, answering, server.answers));
    return true;
}

/// Begins with the line of this start.
void open_journal(Server& server) {
    server.journal = std::make_unique<Journal>(server.clock, [&server](const std::string& problem) {
        (void)server.board.set_state_problem(StatePart::Journal, problem);
        if (!problem.empty()) {
            server.log->warning("the journal takes no lines now; they wait: " + problem);
        }
    });
    server.journal->use(server.data->state().for_thread());
    server.journal->note({.kind = JournalKind::Start,
                          .subject = "meridian " + version_number(),
                          .detail = "pid " + std::to_string(getpid())});
}

/// Checks what is served, from `start` on.
void open_health(Server& server) {
    const auto use_state = [&server](std::function<void(const StateDirectory&)> use) {
        server.reloader->use_state(std::move(use));
    };
    const auto watch_files = [&server](std::vector<StateFilePath> files) {
        server.state_files->watch(std::move(files));
    };
    if (!server.settings.health.on_change.empty()) {
        const auto last = server.settings.health.commands.size();  // behind those of checks
        server.notices =
            std::make_unique<ChangeNotices>(server.commands, static_cast<std::uint16_t>(last),
                                            zones_of_file(server.board), *server.log);
    }
    ProberOptions options = prober_options(server.settings.health, *server.log);
    options.probe.commands = server.commands;
    server.health = std::make_unique<HealthMonitor>(
        server.clock, options,
        health_outlets({*server.publisher, server.board, *server.log, *server.journal, use_state,
                        watch_files, server.notices.get()}));
    server.state_files = std::make_unique<StateFileWatch>(
        [&server](const StateFilePath& file, StateFileReading reading) {
            server.health->take_state_file(file, std::move(reading));
        });
    server.health->set_self_tests(server.settings.health.self_tests);
    if (const auto& families = server.settings.health.families) {
        server.health->set_families(*families);
    }
    server.health->restore(saved_verdicts(server.data->state(), *server.log));
    std::string loss;
    std::vector<Override> overrides = saved_overrides(server.data->state(), *server.log, loss);
    server.board.set_overrides_loss(std::move(loss));
    for (const Override& entry : overrides) {
        server.journal->note(standing_entry(entry));
    }
    server.health->restore_overrides(std::move(overrides));
    publish_live(*server.publisher, [&server](const zones::Serving& now) {
        return server.health->plan(*now.snapshot());
    });
}

bool open_listeners(Server& server) {
    auto listeners =
        Listeners::open({.endpoints = server.settings.listen,
                         .optional_families = server.settings.listen_is_default,
                         .worker_count = udp_workers_of(server.settings),
                         .receive_buffer_octets = server.settings.receive_buffer_octets},
                        *server.publisher);
    if (!listeners) {
        print_error(listeners.error());
        return false;
    }
    server.listeners = std::move(listeners).value();
    for (const Endpoint& endpoint : server.listeners->left_out()) {
        server.log->warning("not listening on " + endpoint.to_string() +
                            ", because this machine has no IPv6");
    }
    const std::size_t granted = server.listeners->granted_receive_buffer_octets();
    if (granted < server.settings.receive_buffer_octets) {
        server.log->warning(
            "the kernel grants smaller receive buffers than asked for, so bursts may be lost; "
            "raise the sysctl net.core.rmem_max",
            {{"asked_octets", server.settings.receive_buffer_octets}, {"granted_octets", granted}});
    }
    return true;
}

/// Last, so that no port is silent while the data is loaded.
bool bind_ports(Server& server) {
    bool is_open = false;
    if (server.binder) {
        server.binder->run([&] { is_open = open_listeners(server); });
    } else {
        is_open = open_listeners(server);
    }
    return is_open;
}

void report_start(const Server& server) {
    const auto snapshot = server.publisher->current()->serving.snapshot();
    const zones::SnapshotInfo info = snapshot->info();
    server.log->info("serving", {{"zones", info.zone_count},
                                 {"names", info.name_count},
                                 {"regions", info.region_count},
                                 {"database", database_text(server.data->atlas()->info())},
                                 {"subnets_by_majority", majority_text(*snapshot)},
                                 {"state", state_text(server.data->state())},
                                 {"copies", server.data->copies().used_text()},
                                 {"listen", endpoints_text(server.listeners->endpoints())},
                                 {"workers", server.listeners->worker_count()},
                                 {"generation", info.generation}});
}

/// Returns with the first signal that asks to stop.
void wait_for_stop(Server& server) {
    for (;;) {
        const int signal = take_signal();
        if (asks_to_stop(signal)) {
            server.log->info("stopping", {{"signal", signal_name(signal)}});
            return;
        }
        if (signal != SIGUSR2) { server.log->reopen(); }  // the file may have been rotated
        if (signal == SIGUSR1) { continue; }
        server.reloader->request(signal == SIGUSR2);
        server.control->look();  // its socket may be made now, too
    }
}

}  // namespace

int serve(const ServeOptions& options) {
    hold_standard_descriptors();
    SettingsReading reading = load_settings(options.config_file);
    if (!reading.settings) {
        print_diagnostics(reading.diagnostics);
        return kExitWrong;
    }
    prepare_signals();
    raise_descriptor_limit();
    return_large_blocks();
    Server server;
    server.settings = std::move(*reading.settings);
    if (server.settings.trusts_clock) { server.clock.trust(); }
    std::string command_problem;
    server.commands = start_commands(server.settings, command_problem);
    if (!command_problem.empty()) { print_error(command_problem); }
    if (!give_up_root(server)) { return kExitCannotRun; }
    if (!load_data(server, reading.diagnostics)) { return kExitWrong; }
    if (!bind_ports(server)) { return kExitCannotRun; }
    open_journal(server);
    open_health(server);

    server.reloader = std::make_unique<Reloader>(
        ReloaderParts{
            *server.data, *server.publisher, *server.keeper, *server.log, server.clock,
            [&server](const zones::Snapshot& snapshot) { return server.health->plan(snapshot); },
            [&server](std::vector<Override> of_file) {
                server.health->set_file_overrides(std::move(of_file));
            },
            [&server](const ReloadOutcome& outcome, const std::string& cause,
                      const std::string& author) {
                for (JournalEntry& entry : journal_entries(outcome, cause, author)) {
                    server.journal->note(std::move(entry));
                }
            }},
        server.settings);
    server.reloader->take_overrides();
    server.listeners->start();
    open_control(server);
    report_start(server);
    notify_manager_ready(*server.publisher->current()->serving.snapshot());
    server.reloader->start();
    server.health->start();

    wait_for_stop(server);
    start_last_resort(kStopDeadline);
    notify_manager_stopping();
    server.control.reset();  // balancers are to notice first
    server.listeners->stop(kDrainTime);
    server.reloader->stop();
    server.health->stop();
    save_state(*server.data, *server.log);  // it may have had no time for that yet
    if (const auto saved = save_verdicts(server.data->state(), server.health->verdicts()); !saved) {
        server.log->warning(saved.error());
    }
    server.journal->note({.kind = JournalKind::Stop});
    server.journal->stop();
    server.log->info("stopped");
    return kExitOk;
}

}  // namespace meridian::server
