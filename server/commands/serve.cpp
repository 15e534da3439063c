// Runs the server: loads, binds, serves, reloads, stops.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "meridian/clock.h"
#include "server/commands/commands.h"
#include "server/commands/report.h"
#include "server/control/control_server.h"
#include "server/control/socket_path.h"
#include "server/runtime/background.h"
#include "server/runtime/explanation.h"
#include "server/runtime/listeners.h"
#include "server/runtime/log.h"
#include "server/runtime/log_target.h"
#include "server/runtime/privileges.h"
#include "server/runtime/publisher.h"
#include "server/runtime/reloader.h"
#include "server/runtime/service_manager.h"
#include "server/runtime/settings.h"
#include "server/runtime/signals.h"
#include "server/runtime/status_board.h"
#include "server/runtime/status_keeper.h"
#include "server/sources/served_data.h"

namespace meridian::server {

namespace {

constexpr std::chrono::milliseconds kDrainTime{2'000};     // for TCP clients to get their answers
constexpr std::chrono::milliseconds kStopDeadline{4'500};  // stopping takes less than 5 s

/// Lets large blocks go back to the system when they are freed. The allocator would otherwise learn
/// from those of loading a database to keep such blocks: 18 MB of a full city database's.
void return_large_blocks() {
    constexpr int kLargeOctets = 1 << 20;
    mallopt(M_MMAP_THRESHOLD, kLargeOctets);
}

/// Without stderr the first file that is opened would get its number, and the log's lines.
void hold_standard_descriptors() {
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(number, F_GETFD) >= 0) { continue; }
        if (open("/dev/null", O_RDWR) != number) { return; }  // no /dev: nothing can be done
    }
}

/// TCP connections need descriptors, and systemd's soft limit is 1,024.
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) { return; }
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
    setrlimit(RLIMIT_NOFILE, &limit);
}

std::string endpoints_text(const std::vector<Endpoint>& endpoints) {
    std::string text;
    for (const Endpoint& endpoint : endpoints) {
        if (!text.empty()) { text += ' '; }
        text += endpoint.to_string();
    }
    return text;
}

std::string state_text(const StateDirectory& state) {
    return state.keeps() ? state.path() : "not kept";
}

/// The server's parts in the order in which they come to life; they end in the opposite one.
struct Server {
    Settings settings;
    SystemClock clock;
    std::chrono::steady_clock::time_point start = clock.steady();
    std::chrono::system_clock::time_point start_date = clock.wall();
    StatusBoard board;
    std::unique_ptr<PortBinder> binder;  ///< Null where root was not given up.
    StateDirectory state;                ///< Until the data has it.
    std::unique_ptr<Log> log;
    std::unique_ptr<ServedData> data;
    std::unique_ptr<StatusKeeper> keeper;
    std::unique_ptr<Publisher> publisher;
    std::unique_ptr<Listeners> listeners;
    std::unique_ptr<Reloader> reloader;
    std::string state_directory;  ///< Of the data, for other threads; empty: nothing is kept.
    std::unique_ptr<ControlServer> control;
};

/// Each step returns whether the next one may go on, its complaint printed.
bool find_user_to_become(const Settings& settings, std::optional<SystemUser>& user) {
    if (!is_root() || !settings.user) { return true; }
    auto found = find_user(*settings.user);
    if (!found) {
        print_error("server.user: " + found.error());
        return false;
    }
    if (found->user_id != 0) { user = std::move(found).value(); }
    return true;
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

/// Opens what takes root, the log and the state directory, and becomes the user. Everything else,
/// above all what others wrote, is read by that user. No thread starts before, since each has
/// rights of its own.
bool give_up_root(Server& server) {
    std::optional<SystemUser> user;
    if (!find_user_to_become(server.settings, user)) { return false; }
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
        auto binder = become_user(*user);
        if (!binder) {
            print_error(binder.error());
            return false;
        }
        server.binder = std::move(binder).value();
    }
    auto log = Log::start(server.settings.log, std::move(target).value());
    if (!log) {
        print_error(log.error());
        return false;
    }
    server.log = std::move(log).value();
    if (!user) { warn_of_user(server.settings, *server.log); }
    if (!given) { server.log->warning(given.error()); }
    return true;
}

/// What root can read is not always the user's to read, now or when it is read again.
std::vector<std::string> unreadable_files(const Server& server) {
    std::vector<std::string> problems;
    if (!server.binder) { return problems; }  // it is who it was
    const auto look = [&](const std::string& path) {
        if (path.empty() || access(path.c_str(), R_OK) == 0 || errno != EACCES) { return; }
        problems.push_back("user " + *server.settings.user + " cannot read " + path +
                           ", and server.user has to be able to read what the server reads");
    };
    look(server.settings.file);
    look(server.settings.zones_directory);
    for (const auto& [path, stamp] : server.data->seen()) {
        look(path);
    }
    return problems;
}

LoadReport load_unless_stopped(Server& server) {
    const StopWhileLoading stop(*server.log);
    return server.data->load();
}

bool load_data(Server& server, const zones::Diagnostics& settings_warnings) {
    server.data = std::make_unique<ServedData>(
        DataPaths{server.settings.zones_directory, server.settings.databases},
        std::move(server.state), server.clock);
    const LoadReport report = load_unless_stopped(server);
    const std::vector<std::string> unreadable = unreadable_files(server);
    if (!report.snapshot) {
        // On the terminal, with source lines, wherever the log goes: somebody is waiting.
        print_diagnostics(report.diagnostics);
        if (!report.database_error.empty()) {
            print_error("geo database: " + report.database_error);
        }
        std::ranges::for_each(unreadable, print_error);
        print_error("not started, because what is to be served has errors");
        return false;
    }
    for (const zones::Diagnostic& warning : settings_warnings) {
        server.log->warning(zones::to_line(warning));
    }
    if (const std::string& problem = server.data->state().problem(); !problem.empty()) {
        server.log->warning(problem);
    }
    log_findings(report, *server.log);
    for (const std::string& problem : unreadable) {
        server.log->error(problem);
    }
    server.keeper = std::make_unique<StatusKeeper>(*server.data, server.board, server.clock);
    server.keeper->note_start(report);
    server.publisher = std::make_unique<Publisher>(report.snapshot);
    return true;
}

bool open_listeners(Server& server) {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    auto listeners =
        Listeners::open({.endpoints = server.settings.listen,
                         .optional_families = server.settings.listen_is_default,
                         .worker_count = server.settings.workers.value_or(cores),
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

void tell_start(const Server& server) {
    const auto snapshot = server.publisher->current();
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

std::int64_t unix_seconds(std::chrono::system_clock::time_point date) {
    return std::chrono::duration_cast<std::chrono::seconds>(date.time_since_epoch()).count();
}

/// Any thread, once there are listeners.
ServerStatus status_of(const Server& server) {
    const auto uptime = server.clock.steady() - server.start;
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
            .state_directory = server.state_directory,
            .reloading_since = server.board.reloading_since(),
            .load = *server.board.latest(),
            .queries = server.listeners->counts()};
}

/// Without it the server answers as well; only nobody can ask how it is.
void open_control(Server& server) {
    const StateDirectory& state = server.data->state();
    if (!state.keeps()) {
        server.log->warning(
            "there is no control socket, because there is no state directory to keep it in");
        return;
    }
    server.state_directory = absolute_path(state.path());
    ControlHandlers handlers;
    handlers.status = [&server] { return status_of(server); };
    const std::string path = state.path() + "/" + std::string(kControlSocket);
    handlers.mend_directory = [&server, path](std::function<void(bool)> done) {
        server.log->warning(path +
                            " was removed; it is made anew, with its directory where need be");
        server.reloader->keep(std::move(done));
    };
    const auto reader = std::make_shared<Publisher::Reader>(server.publisher->add_reader());
    handlers.why = [&server, reader](const Question& question) {
        const auto snapshot = reader->read();
        return explain_answer(*snapshot, question, *server.board.latest(), *server.board.seen(),
                              unix_seconds(server.clock.wall()));
    };
    handlers.reload = [&server](bool force, Reloader::Done done) {
        server.log->reopen();
        server.reloader->request(force, std::move(done));
    };
    auto control = ControlServer::open(path, std::move(handlers),
                                       {.configuration = absolute_path(server.settings.file)});
    if (!control) {
        server.log->warning("there is no control socket: " + control.error());
        return;
    }
    server.control = std::move(control).value();
    server.control->start();
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
        if (signal != SIGUSR1) { server.reloader->request(signal == SIGUSR2); }
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
    if (!give_up_root(server)) { return kExitCannotRun; }
    if (!load_data(server, reading.diagnostics)) { return kExitWrong; }
    if (!bind_ports(server)) { return kExitCannotRun; }

    server.reloader = std::make_unique<Reloader>(
        ReloaderParts{*server.data, *server.publisher, *server.keeper, *server.log, server.clock},
        server.settings);
    server.listeners->start();
    open_control(server);
    tell_start(server);
    tell_manager_ready(server.publisher->current()->info());
    server.reloader->start();

    wait_for_stop(server);
    start_last_resort(kStopDeadline);
    tell_manager_stopping();
    server.control.reset();  // balancers are to notice first
    server.listeners->stop(kDrainTime);
    server.reloader->stop();
    keep_state(*server.data, *server.log);  // it may have had no time for that yet
    server.log->info("stopped");
    return kExitOk;
}

}  // namespace meridian::server
