// Reloads zones, database and settings on the control thread and publishes the snapshot.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/reloader.h"

#include <pthread.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/runtime/background.h"
#include "server/runtime/overrides_file.h"
#include "server/runtime/reload_log.h"
#include "server/runtime/reload_requests.h"
#include "server/runtime/service_manager.h"
#include "server/runtime/settings_source.h"
#include "server/runtime/state_saver.h"
#include "server/sources/source_diagnostics.h"
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

constexpr std::chrono::milliseconds kCollectEvery{50};  // a batch is over in far less

constexpr std::chrono::milliseconds kMemoryPause{1'000};  // until other programs free some
}  // namespace

struct Reloader::State final : ChangeWatchOwner {
    State(const ReloaderParts& parts, Settings its_settings, const WatchOptions& its_options)
        : data(parts.data),
          publisher(parts.publisher),
          keeper(parts.keeper),
          log(parts.log),
          clock(parts.clock),
          make_live(parts.make_live),
          use_overrides(parts.use_overrides),
          note_outcome(parts.note_outcome),
          settings(std::move(its_settings)),
          options(its_options),
          change_watch(context, clock, options, *this) {}

    void reload(const char* cause) {
        const Background::Work in_background(background);
        notify_manager_reloading(clock.steady());
        keeper.note_begin();
        const ReloadRequests::Taken taken = requests.take();
        const auto begin = clock.steady();
        ReloadOutcome outcome;
        try {
            const FileIds unfinished = change_watch.unfinished();
            zones::Diagnostics found = take_settings(unfinished);
            const zones::Diagnostics of_overrides = take_overrides(unfinished);
            found.insert(found.end(), of_overrides.begin(), of_overrides.end());
            outcome = reload_and_publish(begin, cause, taken.force, unfinished);
            outcome.diagnostics.insert(outcome.diagnostics.begin(), found.begin(), found.end());
            if (!saver.problem().empty()) { outcome.diagnostics.push_back(state_diagnostic()); }
            const bool is_faulty = zones::has_errors(found) || !saver.problem().empty();
            if (is_faulty && outcome.is_good()) { outcome.result = ReloadResult::Partly; }
            watch();
        } catch (const std::exception& error) {  // such as no memory for a second set of tables
            outcome = note_failure(error, begin);
        }
        if (note_outcome) { note_outcome(outcome, cause, taken.author); }
        for (const Done& done : taken.askers) {
            done(outcome);
        }
        keeper.note_end();
        notify_manager_ready(*publisher.current()->serving.snapshot());
        saver.save_copies();  // last: no asker has to wait for it
    }

    [[nodiscard]] zones::Diagnostic state_diagnostic() const {
        return zones::diagnostic_of(diagnostics::kNotSaved, {}, {}, "server.state",
                                    {saver.problem()});
    }

    /// A reload for a change may have answered the requests meanwhile.
    void reload_if_requested() {
        if (requests.is_waiting()) { reload("request"); }
    }

    zones::Diagnostics take_settings(const FileIds& unfinished) {
        const std::string& file = settings.settings().file;
        zones::Diagnostics found = is_unfinished(file, unfinished)
                                       ? zones::Diagnostics{zones::diagnostic_of(
                                             diagnostics::kUnfinishedFile, file, {}, {})}
                                       : settings.read_if_changed();
        for (const zones::Diagnostic& diagnostic : found) {
            log_diagnostic(diagnostic, log);
        }
        const Settings& now = settings.settings();
        log.set_level(now.log.level);
        keeper.note_settings(settings.errors(), settings.needs_restart());
        data.use({.zones_directory = now.zones_directory,
                  .databases = now.databases,
                  .max_probes = now.health.max_probes,
                  .commands = command_names(now.health)});
        if (found.empty()) { found = settings.errors(); }  // of an earlier reading, logged then
        return found;
    }

    /// Errors of the file of overrides, with which what it said before holds.
    zones::Diagnostics take_overrides(const FileIds& unfinished) {
        const std::string& file = settings.settings().overrides_file;
        if (is_unfinished(file, unfinished)) { return overrides.errors(); }
        const bool is_news = overrides.has_changed(file);
        if (auto next = overrides.read_if_changed(file); next && use_overrides) {
            use_overrides(std::move(*next));
        }
        if (is_news) {
            for (const zones::Diagnostic& diagnostic : overrides.errors()) {
                log_diagnostic(diagnostic, log);
            }
        }
        keeper.note_overrides(overrides.errors(), overrides.is_unknown());
        save_overrides_file(false);
        return overrides.errors();
    }

    /// For a start at which the file cannot be used. A failure is tried again with the next look.
    void save_overrides_file(bool is_anew) {
        if (const auto saved = overrides.save(data.state(), is_anew); !saved) {
            log.warning("the file of overrides has no copy for the next start: " + saved.error());
        }
    }

    [[nodiscard]] std::chrono::milliseconds since(
        std::chrono::steady_clock::time_point begin) const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(clock.steady() - begin);
    }

    ReloadOutcome reload_and_publish(std::chrono::steady_clock::time_point begin, const char* cause,
                                     bool force, const FileIds& unfinished) {
        return take(data.reload(force, unfinished), begin, cause);
    }

    /// Serves what was loaded.
    ReloadOutcome take(const LoadReport& report, std::chrono::steady_clock::time_point begin,
                       const char* cause) {
        log_findings(report, log);
        if (report.snapshot) {
            publish_snapshot(publisher, report.snapshot, make_live);
            collect();
        }
        const auto took = since(begin);
        log_reload(report, *publisher.current()->serving.snapshot(), took, cause, log);
        ReloadOutcome outcome = keeper.note_reload(report, took);  // a disk may be slow
        saver.save_bit_by_bit();  // some zones before the askers learn the outcome
        data.give_back_memory();
        return outcome;
    }

    /// Frees old snapshots on this thread and not on a worker: it can take milliseconds.
    void collect() {
        if (publisher.collect() == 0) { return; }
        collect_timer.expires_after(kCollectEvery);
        collect_timer.async_wait([this](boost::system::error_code error) {
            if (error) { return; }
            const Background::Work in_background(background);
            collect();
        });
    }

    /// Watches what is served now.
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

    /// False if memory ran out between two reloads (a reload handles that itself). The next call
    /// looks for changes again.
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
        return !unfinished.empty() && unfinished.contains(file_id_in(file_state_of(path)));
    }

    [[nodiscard]] FileWatcher::Paths watched_paths() const override {
        FileWatcher::Paths paths{{data.paths().zones_directory}, data.paths().databases};
        if (!settings.settings().file.empty()) { paths.files.push_back(settings.settings().file); }
        if (!settings.settings().overrides_file.empty()) {
            paths.files.push_back(settings.settings().overrides_file);
        }
        const std::filesystem::path directory = data.paths().zones_directory;
        for (const auto& [path, state] : data.seen()) {
            const std::filesystem::path file = path;
            std::error_code error;
            const bool elsewhere =
                file.parent_path() != directory || std::filesystem::is_symlink(file, error);
            if (elsewhere) { paths.files.push_back(path); }
        }
        return paths;
    }

    [[nodiscard]] SourceLook look() const override { return data.look(); }

    [[nodiscard]] bool has_changed() const override {
        return !data.looks_as_seen() || settings.has_changed() ||
               overrides.has_changed(settings.settings().overrides_file);
    }

    [[nodiscard]] bool is_due(const SourceLook& now, const FileIds& unfinished) const override {
        return differ(now, data.seen(), unfinished) ||
               (settings.has_changed() && !is_unfinished(settings.settings().file, unfinished)) ||
               (overrides.has_changed(settings.settings().overrides_file) &&
                !is_unfinished(settings.settings().overrides_file, unfinished));
    }

    void on_change() override { reload("change"); }

    void on_look() override {
        if (!data.has_long_journals()) { return; }
        const Background::Work in_background(background);
        saver.write_journaled();
    }

    bool on_edit(const std::set<std::string>& names) override {
        if (requests.is_waiting() || settings.has_changed() || !settings.errors().empty() ||
            overrides.has_changed(settings.settings().overrides_file)) {
            return false;
        }
        const Background::Work in_background(background);
        keeper.note_begin();
        const bool is_taken = take_edit(names);
        keeper.note_end();
        return is_taken;
    }

    bool take_edit(const std::set<std::string>& names) {
        const auto begin = clock.steady();
        std::set<std::string> paths;
        for (const std::string& name : names) {
            paths.insert((std::filesystem::path(data.paths().zones_directory) / name).string());
        }
        std::optional<LoadReport> report;
        try {
            report = data.reload_files(paths);
        } catch (const std::exception&) { return false; }  // a reload of all says what is wrong
        if (!report) { return false; }
        try {
            const ReloadOutcome outcome = take(*report, begin, "change");
            if (note_outcome) { note_outcome(outcome, "change", {}); }
            if (!report->snapshot) { return true; }
            notify_manager_ready(*publisher.current()->serving.snapshot());
            saver.save_copies();
        } catch (const std::exception& error) {
            const ReloadOutcome outcome = note_failure(error, begin);
            if (note_outcome) { note_outcome(outcome, "change", {}); }
        }
        return true;
    }

    ReloadOutcome note_failure(const std::exception& error,
                               std::chrono::steady_clock::time_point begin) {
        const std::string reason =
            std::string("reload failed, what is served stays as it is: ") + error.what();
        log.error(reason);
        return keeper.note_failure(reason, since(begin));
    }

    void on_problem(const std::string& problem) override {
        if (problem == reported_problem) { return; }
        reported_problem = problem;
        if (problem.empty()) { return; }
        log.warning(problem + "; changes are noticed all the same, but later",
                    {{"seconds", options.look_every.count() / 1000}});
    }

    void on_slow_writer(const std::string& path) override {
        log.warning(
            path + ": this file is being written; it is read when it is closed or unchanged",
            {{"seconds", options.rest.count() / 1000}});
    }

    ServedData& data;
    Publisher& publisher;
    StatusKeeper& keeper;
    Log& log;
    const Clock& clock;
    const LiveMaker make_live;
    const std::function<void(std::vector<Override>)> use_overrides;
    const std::function<void(const ReloadOutcome&, const std::string&, const std::string&)>
        note_outcome;
    SettingsSource settings;
    OverridesSource overrides;
    WatchOptions options;
    ReloadRequests requests;
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        context.get_executor()};
    boost::asio::steady_timer collect_timer{context};
    StateSaver saver{data, keeper, log, context, background};
    ChangeWatch change_watch;
    std::string reported_problem;
    std::string state_problem;  ///< Why the directory could not be held when that was asked last.
    Background background;
    std::thread thread;
};

Reloader::Reloader(const ReloaderParts& parts, Settings settings, const WatchOptions& watch)
    : state_(std::make_unique<State>(parts, std::move(settings), watch)) {}

Reloader::~Reloader() {
    stop();
}

void Reloader::take_overrides() {
    const std::string loss = state_->overrides.restore(state_->data.state());
    if (!loss.empty()) { state_->log.warning(loss); }
    (void)state_->take_overrides({});
}

void Reloader::start() {
    // After the first answers, which do not wait for a disk.
    boost::asio::post(state_->context, [this] {
        const Background::Work in_background(state_->background);
        state_->saver.save_bit_by_bit();
        state_->data.give_back_memory();
        state_->saver.save_copies();
    });
    state_->thread = std::thread([this] {
        pthread_setname_np(pthread_self(), "meridian-ctl");
        Background::be_nice();
        state_->run();
    });
}

void Reloader::hold_state(
    std::function<void(const StateDirectory& state, const std::string& problem)> done) {
    boost::asio::post(state_->context, [this, done = std::move(done)] {
        const Background::Work in_background(state_->background);
        const auto held = state_->data.hold_state();
        const std::string problem = held ? "" : held.error();
        // The same problem again is no news for the log.
        if (std::exchange(state_->state_problem, problem) != problem || held) {
            state_->saver.save_bit_by_bit();
            state_->saver.save_copies();
        }
        if (held) { state_->save_overrides_file(true); }
        done(state_->data.state(), problem);
    });
}

void Reloader::use_state(std::function<void(const StateDirectory& state)> use) {
    boost::asio::post(state_->context, [this, use = std::move(use)] { use(state_->data.state()); });
}

void Reloader::request(bool force) {
    request(force, {}, {});
}

void Reloader::request(bool force, const std::string& author, Done done) {
    if (!state_->requests.add(force, author, std::move(done))) { return; }
    boost::asio::post(state_->context, [state = state_.get()] { state->reload_if_requested(); });
}

void Reloader::stop() {
    if (!state_->thread.joinable()) { return; }
    state_->context.stop();
    state_->thread.join();
}

}  // namespace meridian::server
