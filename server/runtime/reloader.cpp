// Reloads zones and database on the control thread and publishes what came of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/reloader.h"

#include <pthread.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace meridian::server {

namespace {

constexpr std::chrono::milliseconds kCollectEvery{50};  // a batch is over in far less

/// File names alone, since the directory is the same for all.
std::string names_of(const std::vector<std::string>& paths) {
    std::string names;
    for (const std::string& path : paths) {
        if (!names.empty()) { names += ' '; }
        names += path.substr(path.rfind('/') + 1);
    }
    return names.empty() ? "none" : names;
}

std::string describe_database(const LoadReport& report) {
    if (!report.database_error.empty()) { return "kept"; }
    return report.database_changed ? "changed" : "unchanged";
}

}  // namespace

void log_findings(const LoadReport& report, Log& log) {
    for (const zones::Diagnostic& diagnostic : report.diagnostics) {
        const std::string line = zones::to_line(diagnostic);
        if (diagnostic.severity == zones::Severity::Error) {
            log.error(line);
        } else {
            log.warning(line);
        }
    }
    if (!report.database_error.empty()) { log.error("geo database: " + report.database_error); }
}

void keep_state(ServedData& data, Log& log) {
    const auto kept = data.keep_state();
    if (!kept) { log.warning(kept.error() + "; after a restart serials may fall back"); }
}

struct Reloader::State {
    State(ServedData& served_data, Publisher& its_publisher, Log& its_log, const Clock& its_clock)
        : data(served_data), publisher(its_publisher), log(its_log), clock(its_clock) {}

    void reload() {
        pending.store(false);
        try {
            reload_and_publish();
        } catch (const std::exception& error) {  // no memory for a second set of tables
            log.error(std::string("reload failed, what runs goes on: ") + error.what());
        }
    }

    void reload_and_publish() {
        const auto begin = clock.steady();
        const LoadReport report = data.reload();
        log_findings(report, log);
        if (report.snapshot) {
            publisher.publish(report.snapshot);
            collect();
        }
        keep_state(data, log);
        const auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(clock.steady() - begin);
        tell(report, took);
    }

    void tell(const LoadReport& report, std::chrono::milliseconds took) {
        const zones::SnapshotInfo info = publisher.current()->info();
        const std::string message = !report.snapshot  ? "reload changed nothing"
                                    : !report.clean() ? "reloaded in part"
                                                      : "reloaded";
        log.info(message, {{"generation", std::to_string(info.generation)},
                           {"changed", names_of(report.changed)},
                           {"added", names_of(report.added)},
                           {"removed", names_of(report.removed)},
                           {"with_errors", names_of(report.kept)},
                           {"database", describe_database(report)},
                           {"zones", std::to_string(info.zone_count)},
                           {"names", std::to_string(info.name_count)},
                           {"milliseconds", std::to_string(took.count())}});
    }

    /// Old snapshots go here and not on a worker: freeing one can take milliseconds.
    void collect() {
        if (publisher.collect() == 0) { return; }
        collect_timer.expires_after(kCollectEvery);
        collect_timer.async_wait([this](boost::system::error_code error) {
            if (!error) { collect(); }
        });
    }

    ServedData& data;
    Publisher& publisher;
    Log& log;
    const Clock& clock;
    std::atomic<bool> pending = false;
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        context.get_executor()};
    boost::asio::steady_timer collect_timer{context};
    std::thread thread;
};

Reloader::Reloader(ServedData& data, Publisher& publisher, Log& log, const Clock& clock)
    : state_(std::make_unique<State>(data, publisher, log, clock)) {}

Reloader::~Reloader() {
    stop();
}

void Reloader::start() {
    state_->thread = std::thread([this] {
        pthread_setname_np(pthread_self(), "meridian-ctl");
        state_->context.run();
    });
}

void Reloader::request() {
    if (state_->pending.exchange(true)) { return; }
    boost::asio::post(state_->context, [this] { state_->reload(); });
}

void Reloader::stop() {
    if (!state_->thread.joinable()) { return; }
    state_->context.stop();
    state_->thread.join();
}

}  // namespace meridian::server
