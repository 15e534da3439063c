// Probes what is served, and takes what comes of it.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "server/health/health_monitor_state.h"
#include "server/health/planned_probes.h"
#include "server/probing/command_failure.h"
#include "server/probing/kernel_routes.h"

namespace meridian::server {

namespace {

/// Stands for the helper among targets with problems, whose numbers are small.
constexpr std::uint64_t kHelper = ~std::uint64_t{0};

}  // namespace

void HealthMonitor::State::watch_files(const std::vector<ProbeTarget>& targets,
                                       const std::vector<Prober::Number>& numbers) {
    const std::vector<Prober::Number> fresh = files.replace(targets, numbers);
    std::vector<StateFilePath> asked = files.asked();
    if (outlets.watch_files && std::exchange(watched, asked) != asked) {
        outlets.watch_files(std::move(asked));
    }
    for (const Prober::Number target : fresh) {
        prober->probe_now(target);
    }
    note_warnings();
}

void HealthMonitor::State::take_state_file(const StateFilePath& file, StateFileReading reading) {
    for (const Prober::Number target : files.take(file, std::move(reading))) {
        prober->probe_now(target);
    }
    note_warnings();
}

void HealthMonitor::State::note_warnings() {
    std::vector<std::string> found = files.warnings();
    std::vector<std::string> before;
    {
        const std::scoped_lock lock(mutex);
        before = std::exchange(warnings, found);
    }
    for (const std::string& warning : found) {
        const bool is_new = std::ranges::find(before, warning) == before.end();
        if (is_new && outlets.note_warning) { outlets.note_warning(warning); }
    }
}

void HealthMonitor::State::note_problems(std::span<const Probed> reports) {
    {
        const std::scoped_lock lock(mutex);
        for (const Probed& probed : reports) {
            problems.note(probed.target, probed.report.problem);
        }
    }
    report_problems();
}

void HealthMonitor::State::note_end_of_helper() {
    {
        const std::scoped_lock lock(mutex);
        problems.note(kHelper, kHelperEnded);
    }
    report_problems();
}

void HealthMonitor::State::report_problems() {
    std::vector<CheckProblems::Turn> turns;
    {
        const std::scoped_lock lock(mutex);
        turns = problems.take_turns();
    }
    for (const CheckProblems::Turn& turn : turns) {
        if (outlets.note_problem) { outlets.note_problem(turn.problem, turn.is_over); }
    }
}

void HealthMonitor::State::replace_targets() {
    std::vector<ProbeTarget> wanted;
    std::vector<Judge::Target> numbers;
    {
        const std::scoped_lock lock(mutex);
        for (const auto& [number, target] : book.targets()) {
            const bool is_reached =
                !target.host_name.empty() || book.is_reached(target.address.family());
            if (!is_reached) { continue; }
            numbers.push_back(number);
            wanted.push_back(probe_of(target));
        }
    }
    const std::vector<ProbeTarget> tests = self_test_probes(self_tests, wanted);
    wanted.insert(wanted.end(), tests.begin(), tests.end());
    const std::vector<Prober::Number> probes = prober->replace(wanted);
    watch_files(wanted, probes);
    users.clear();
    testers.clear();
    for (std::size_t i = 0; i < probes.size(); ++i) {
        if (i < numbers.size()) {
            users[probes[i]].push_back(numbers[i]);
        } else {
            testers[probes[i]] = i - numbers.size();
        }
    }
    {
        const std::scoped_lock lock(mutex);
        for (const Prober::Number target : problems.targets()) {
            const bool is_gone = target != kHelper && !users.contains(target);
            if (is_gone) { problems.forget(target); }
        }
    }
    report_problems();
}

bool HealthMonitor::State::look_for_routes() {
    if (has_set_families) { return false; }
    std::array<std::vector<IpAddress>, 2> addresses;
    {
        const std::scoped_lock lock(mutex);
        for (const auto& [number, target] : book.targets()) {
            if (!target.host_name.empty()) { continue; }
            addresses.at(index_of(target.address.family())).push_back(target.address);
        }
    }
    const FamilySet reached = reached_families(addresses);
    bool has_changed = false;
    for (const Family family : {Family::V4, Family::V6}) {
        const bool is_reached = reached.at(index_of(family));
        {
            const std::scoped_lock lock(mutex);
            if (book.is_reached(family) == is_reached) { continue; }
            book.set_reach(family, is_reached);
        }
        has_changed = true;
        if (outlets.note_reach) {
            outlets.note_reach(std::string(family_name(family)), is_reached);
        }
    }
    looked_for_routes = std::chrono::steady_clock::now();
    return has_changed;
}

bool HealthMonitor::State::take_self_tests(std::span<const Probed> reports) {
    bool has_any = false;
    for (const Probed& probed : reports) {
        const auto test = testers.find(probed.target);
        if (test == testers.end() || !probed.report.result) { continue; }
        book.note_self_test(test->second, *probed.report.result);
        has_any = true;
    }
    return has_any;
}

void HealthMonitor::State::note_missing(std::span<const Probed> reports) {
    for (const Probed& probed : reports) {
        const auto found = users.find(probed.target);
        if (found == users.end() || probed.report.result) { continue; }
        for (const Judge::Target target : found->second) {
            book.note_none(target, probed.report.why_none);
        }
    }
}

void HealthMonitor::State::take(std::span<const Probed> reports) {
    note_problems(reports);
    std::vector<Arrival> arrivals;
    for (const Probed& probed : reports) {
        const auto found = users.find(probed.target);
        if (found == users.end() || !probed.report.result) { continue; }
        for (const Judge::Target target : found->second) {
            arrivals.push_back({target, *probed.report.result, probed.report.began,
                                certificate_days(probed.report), probed.report.families});
        }
    }
    bool has_changed = false;
    {
        const std::scoped_lock lock(mutex);
        note_missing(reports);
        // Before any result counts.
        if (!take_self_tests(reports) && arrivals.empty()) { return; }
        has_changed = book.take(arrivals);
    }
    publish(has_changed);
}

}  // namespace meridian::server
