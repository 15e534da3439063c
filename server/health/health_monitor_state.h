// Holds what the thread of the checks works on.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "server/health/check_problems.h"
#include "server/health/health_book.h"
#include "server/health/health_monitor.h"
#include "server/health/pushed_files.h"

namespace meridian::server {

/// Functions are for the thread of the context unless they say otherwise.
struct HealthMonitor::State {
    State(const Clock& its_clock, const ProberOptions& its_options, MonitorOutlets its_outlets);
    /// Every second.
    void look();
    void note_alarms();
    void note_clock();
    void save();
    /// The publisher's lock is taken before the one here, as when a reload asks for a plan.
    void publish(bool has_changed);

    // What is probed, and what comes of it (health_monitor_probing.cpp).
    void watch_files(const std::vector<ProbeTarget>& targets,
                     const std::vector<Prober::Number>& numbers);
    void take_state_file(const StateFilePath& file, StateFileReading reading);
    void note_warnings();
    void note_problems(std::span<const Probed> reports);
    void note_end_of_helper();
    void report_problems();
    void replace_targets();
    /// Finds out which families this server has a way to. Returns whether that has changed.
    bool look_for_routes();
    /// Returns whether one of the reports is of a self test.
    bool take_self_tests(std::span<const Probed> reports);
    void note_missing(std::span<const Probed> reports);
    void take(std::span<const Probed> reports);

    // What is set by hand (health_monitor_by_hand.cpp).
    /// Carries out a request; `done` as in HealthMonitor.
    void carry_out(const OverrideRequest& request,
                   const std::function<void(OverrideOutcome)>& done);
    /// Of files, or by time.
    void note(const FileChange& change, OverrideTurn end);
    /// What stands in files is not saved.
    void save_what_ended(const std::vector<Override>& ended);
    void set_file_overrides(std::vector<Override> of_file);
    [[nodiscard]] std::vector<Override> all_overrides() const;

    const MonitorOutlets outlets;
    const Clock& clock;
    mutable std::mutex mutex;  // of the book
    HealthBook book;
    boost::asio::io_context context{1};
    boost::asio::steady_timer looking;
    ProberOptions options;
    std::array<bool, 2> was_blind{};
    bool has_set_families = false;
    std::chrono::steady_clock::time_point looked_for_routes = {};
    bool may_have_alarms = true;  // other ones than the noted; of the mutex
    std::set<ServiceAlarm> noted_alarms;
    bool was_trusted = true;  // the date
    bool is_unsaved = false;
    std::chrono::steady_clock::time_point saved = std::chrono::steady_clock::now();
    std::unordered_map<Prober::Number, std::vector<Judge::Target>> users;
    CheckProblems problems;             // under the mutex
    std::vector<std::string> warnings;  // of `files`; likewise
    PushedFiles files;
    std::vector<StateFilePath> watched;
    std::vector<Endpoint> self_tests;
    std::unordered_map<Prober::Number, std::size_t> testers;  // by number, those of `self_tests`
    std::optional<Prober> prober;
    std::thread thread;
};

}  // namespace meridian::server
