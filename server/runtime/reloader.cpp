// Reloads zones, database and settings on the control thread and publishes what came of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/reloader.h"

#include <pthread.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "server/runtime/background.h"
#include "server/runtime/service_manager.h"
#include "server/runtime/settings_source.h"
#include "server/sources/file_text.h"
#include "server/sources/source_messages.h"

namespace meridian::server {

namespace {

constexpr std::chrono::milliseconds kCollectEvery{50};  // a batch is over in far less

constexpr std::chrono::milliseconds kMemoryPause{1'000};  // for others to give some back
constexpr std::size_t kNamesInALine = 16;                 // of ten thousand files nobody reads all

/// File names alone, since the directory is the same for all.
std::string names_of(const std::vector<std::string>& paths) {
    std::string names;
    const std::size_t shown = std::min(paths.size(), kNamesInALine);
    for (std::size_t i = 0; i < shown; ++i) {
        if (!names.empty()) { names += ' '; }
        names += paths[i].substr(paths[i].rfind('/') + 1);
    }
    if (shown < paths.size()) { names += " and " + std::to_string(paths.size() - shown) + " more"; }
    return names.empty() ? "none" : names;
}

std::string describe_database(const LoadReport& report) {
    if (!report.database_error.empty()) { return report.database_held ? "held" : "kept"; }
    return report.database_changed ? "changed" : "unchanged";
}

void log_diagnostic(const zones::Diagnostic& diagnostic, Log& log) {
    const std::string line = zones::to_line(diagnostic);
    if (diagnostic.severity == zones::Severity::Error) {
        log.error(line);
    } else {
        log.warning(line);
    }
}

/// What `keep` gives, a Result whose error is in words; nothing where it failed.
template <typename Keep>
auto warn_unless_kept(const Keep& keep, const std::string& consequence, Log& log) {
    std::optional<std::decay_t<decltype(*keep())>> outcome;
    std::string problem;
    try {
        const auto kept = keep();
        if (kept) {
            outcome = *kept;
        } else {
            problem = kept.error();
        }
    } catch (const std::exception& error) {  // no memory for it
        problem = std::string("nothing was kept: ") + error.what();
    }
    if (!problem.empty()) { log.warning(problem + "; " + consequence); }
    return outcome;
}

/// False where there is more.
bool keep_some_state(ServedData& data, Log& log) {
    const auto is_all = warn_unless_kept([&] { return data.keep_state(); },
                                         "after a restart serials may fall back", log);
    return is_all.value_or(true);
}

}  // namespace

void log_findings(const LoadReport& report, Log& log) {
    for (const zones::Diagnostic& diagnostic : zones::told_in_sum(report.diagnostics)) {
        log_diagnostic(diagnostic, log);
    }
    if (!report.database_error.empty()) { log.error("geo database: " + report.database_error); }
    for (const std::string& warning : report.database_warnings) {
        log.warning("geo database: " + warning);
    }
    if (report.database_changed && !report.database_change.empty()) {
        log.info("geo database: " + report.database_change);
    }
}

void keep_state(ServedData& data, Log& log) {
    while (!keep_some_state(data, log)) {}
}

void keep_copies(ServedData& data, Log& log) {
    (void)warn_unless_kept([&] { return data.keep_copies(); },
                           "the next start compiles the database anew", log);
}

struct Reloader::State final : ChangeWatchOwner {
    struct Requests {  // since the last reload began
        bool force = false;
        std::vector<Done> askers;
    };

    State(const ReloaderParts& parts, Settings its_settings, const WatchOptions& its_options)
        : data(parts.data),
          publisher(parts.publisher),
          keeper(parts.keeper),
          log(parts.log),
          clock(parts.clock),
          settings(std::move(its_settings)),
          options(its_options),
          change_watch(context, clock, options, *this) {}

    void reload(const char* cause) {
        const Background::Work in_background(background);
        tell_manager_reloading(clock.steady());
        keeper.note_begin();
        const Requests taken = take_requests();
        const auto begin = clock.steady();
        ReloadOutcome outcome;
        try {
            const FileIds unfinished = change_watch.unfinished();
            const zones::Diagnostics told = take_settings(unfinished);
            outcome = reload_and_publish(begin, cause, taken.force, unfinished);
            outcome.diagnostics.insert(outcome.diagnostics.begin(), told.begin(), told.end());
            if (zones::has_errors(told) && outcome.is_good()) {
                outcome.result = ReloadResult::Partly;
            }
            watch();
        } catch (const std::exception& error) {  // no memory for a second set of tables
            const std::string reason =
                std::string("reload failed, what runs goes on: ") + error.what();
            log.error(reason);
            outcome = keeper.note_failure(reason, since(begin));
        }
        for (const Done& done : taken.askers) {
            done(outcome);
        }
        keeper.note_end();
        tell_manager_ready(publisher.current()->info());
        keep_copies(data, log);  // last: it only saves time, and nobody is to wait for it
    }

    /// What somebody asked for. A reload for a change may have answered it meanwhile.
    void reload_if_requested() {
        {
            const std::lock_guard lock(requests_mutex);
            if (!is_requested) { return; }
        }
        reload("request");
    }

    zones::Diagnostics take_settings(const FileIds& unfinished) {
        const std::string& file = settings.settings().file;
        zones::Diagnostics told =
            is_unfinished(file, unfinished)
                ? zones::Diagnostics{zones::diagnostic_of(messages::kUnfinishedFile, file, {}, {})}
                : settings.read_if_changed();
        for (const zones::Diagnostic& diagnostic : told) {
            log_diagnostic(diagnostic, log);
        }
        const Settings& now = settings.settings();
        log.set_level(now.log.level);
        keeper.note_settings(settings.errors(), settings.needs_restart());
        data.use({now.zones_directory, now.databases});
        if (told.empty()) { told = settings.errors(); }  // of a reading before, in the log already
        return told;
    }

    /// Who asks from here on wants another reload. With the askers goes their force: a reload that
    /// answered one of them without it would tell him that nothing came of it.
    Requests take_requests() {
        const std::lock_guard lock(requests_mutex);
        is_requested = false;
        return std::exchange(requests, {});
    }

    /// Whether this one is to be posted: no other waits to begin.
    bool add_request(bool its_force, Done done) {
        const std::lock_guard lock(requests_mutex);
        requests.force |= its_force;
        if (done) { requests.askers.push_back(std::move(done)); }
        return !std::exchange(is_requested, true);
    }

    [[nodiscard]] std::chrono::milliseconds since(
        std::chrono::steady_clock::time_point begin) const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(clock.steady() - begin);
    }

    ReloadOutcome reload_and_publish(std::chrono::steady_clock::time_point begin, const char* cause,
                                     bool force, const FileIds& unfinished) {
        const LoadReport report = data.reload(force, unfinished);
        log_findings(report, log);
        if (report.snapshot) {
            publisher.publish(report.snapshot);
            collect();
        }
        const auto took = since(begin);
        tell(report, took, cause);
        keep_state_bit_by_bit();  // a few zones before anybody hears that it is done
        data.give_back_memory();
        return keeper.note_reload(report, took);
    }

    /// Thousands of new zones take seconds to write, and edits of them must not wait for that.
    void keep_state_bit_by_bit() {
        if (keep_some_state(data, log) || keeps_on) { return; }
        keeps_on = true;
        boost::asio::post(context, [this] {
            const Background::Work in_background(background);
            keeps_on = false;
            keep_state_bit_by_bit();
        });
    }

    void tell(const LoadReport& report, std::chrono::milliseconds took, const char* cause) {
        const zones::SnapshotInfo info = publisher.current()->info();
        const std::string message = !report.snapshot  ? "reload changed nothing"
                                    : !report.clean() ? "reloaded in part"
                                                      : "reloaded";
        log.info(message, {{"cause", cause},
                           {"generation", info.generation},
                           {"changed", names_of(report.changed)},
                           {"added", names_of(report.added)},
                           {"removed", names_of(report.removed)},
                           {"with_errors", names_of(report.kept)},
                           {"held", names_of(report.held)},
                           {"database", describe_database(report)},
                           {"zones", info.zone_count},
                           {"names", info.name_count},
                           {"milliseconds", took.count()}});
    }

    /// Old snapshots go here and not on a worker: freeing one can take milliseconds.
    void collect() {
        if (publisher.collect() == 0) { return; }
        collect_timer.expires_after(kCollectEvery);
        collect_timer.async_wait([this](boost::system::error_code error) {
            if (error) { return; }
            const Background::Work in_background(background);
            collect();
        });
    }

    /// Sees to it that the next change is noticed.
    void watch() {
        if (settings.settings().watch) {
            change_watch.refresh();
        } else {
            change_watch.stop();
        }
    }

    void run() {
        while (!run_within_memory()) {
            std::this_thread::sleep_for(kMemoryPause);
        }
    }

    /// False where memory ran out between two reloads, which take care of themselves: whatever was
    /// about to be noticed then is looked for again.
    bool run_within_memory() {
        try {
            watch();
            // Something may have changed since the load.
            if (settings.settings().watch) { change_watch.settle(); }
            context.run();
            return true;
        } catch (const std::bad_alloc&) { return false; }
    }

    static bool is_unfinished(const std::string& path, const FileIds& unfinished) {
        return !unfinished.empty() && unfinished.contains(file_id_in(stamp_of(path)));
    }

    [[nodiscard]] FileWatcher::Paths watched_paths() const override {
        FileWatcher::Paths paths{{data.paths().zones_directory}, data.paths().databases};
        if (!settings.settings().file.empty()) { paths.files.push_back(settings.settings().file); }
        const std::filesystem::path directory = data.paths().zones_directory;
        for (const auto& [path, stamp] : data.seen()) {
            const std::filesystem::path file = path;
            std::error_code error;
            const bool elsewhere =
                file.parent_path() != directory || std::filesystem::is_symlink(file, error);
            if (elsewhere) { paths.files.push_back(path); }
        }
        return paths;
    }

    [[nodiscard]] SourceLook look() const override { return data.look(); }

    [[nodiscard]] bool is_due(const SourceLook& now, const FileIds& unfinished) const override {
        return differ(now, data.seen(), unfinished) ||
               (settings.has_changed() && !is_unfinished(settings.settings().file, unfinished));
    }

    void on_change() override { reload("change"); }

    void on_problem(const std::string& problem) override {
        if (problem == told_problem) { return; }
        told_problem = problem;
        if (problem.empty()) { return; }
        log.warning(problem + "; changes are noticed all the same, but later",
                    {{"seconds", options.look_every.count() / 1000}});
    }

    void on_slow_writer(const std::string& path) override {
        log.warning(
            path + ": somebody is writing this file; it is read when it is closed, or rests",
            {{"seconds", options.rest.count() / 1000}});
    }

    ServedData& data;
    Publisher& publisher;
    StatusKeeper& keeper;
    Log& log;
    const Clock& clock;
    SettingsSource settings;
    WatchOptions options;
    std::mutex requests_mutex;
    Requests requests;
    bool is_requested = false;  ///< A reload for them waits to begin.
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        context.get_executor()};
    boost::asio::steady_timer collect_timer{context};
    bool keeps_on = false;  ///< What is left to keep is in the queue.
    ChangeWatch change_watch;
    std::string told_problem;
    Background background;
    std::thread thread;
};

Reloader::Reloader(const ReloaderParts& parts, Settings settings, const WatchOptions& watch)
    : state_(std::make_unique<State>(parts, std::move(settings), watch)) {}

Reloader::~Reloader() {
    stop();
}

void Reloader::start() {
    // After the first answers, which must not wait for a disk.
    boost::asio::post(state_->context, [this] {
        const Background::Work in_background(state_->background);
        state_->keep_state_bit_by_bit();
        state_->data.give_back_memory();
        keep_copies(state_->data, state_->log);
    });
    state_->thread = std::thread([this] {
        pthread_setname_np(pthread_self(), "meridian-ctl");
        Background::be_nice();
        state_->run();
    });
}

void Reloader::keep(std::function<void(bool is_held)> done) {
    boost::asio::post(state_->context, [this, done = std::move(done)] {
        const Background::Work in_background(state_->background);
        state_->keep_state_bit_by_bit();
        keep_copies(state_->data, state_->log);
        const StateDirectory& state = state_->data.state();
        done(state.keeps() && !state.is_lost());
    });
}

void Reloader::request(bool force) {
    request(force, {});
}

void Reloader::request(bool force, Done done) {
    if (!state_->add_request(force, std::move(done))) { return; }
    boost::asio::post(state_->context, [state = state_.get()] { state->reload_if_requested(); });
}

void Reloader::stop() {
    if (!state_->thread.joinable()) { return; }
    state_->context.stop();
    state_->thread.join();
}

}  // namespace meridian::server
