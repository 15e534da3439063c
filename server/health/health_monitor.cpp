// Runs the checks of what is served, and says what is up.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/health_monitor.h"

#include <algorithm>
#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "server/health/check_problems.h"
#include "server/health/health_book.h"
#include "server/health/planned_probes.h"
#include "server/health/pushed_files.h"
#include "server/probing/command_failure.h"
#include "server/probing/kernel_routes.h"

namespace meridian::server {
namespace {

/// How often the monitor looks for targets whose results have stopped.
constexpr std::chrono::milliseconds kLookEvery{1'000};
/// How often the kernel is asked for its routes. A route that comes is no hurry: until then the
/// family follows the other one.
constexpr std::chrono::seconds kRoutesEvery{5};
/// How often verdicts are saved that have not changed: far more often than they get too old.
constexpr std::chrono::minutes kSaveEvery{5};
/// Stands for the helper among targets with problems, whose numbers are small.
constexpr std::uint64_t kHelper = ~std::uint64_t{0};

}  // namespace

struct HealthMonitor::State {
    State(const Clock& its_clock, const ProberOptions& its_options, MonitorOutlets its_outlets)
        : outlets(std::move(its_outlets)),
          clock(its_clock),
          book(its_clock),
          looking(context),
          options(its_options),
          files(its_clock) {
        options.probe.ask_file = [this](const zones::HealthCheck& check, const IpAddress& address) {
            return files.ask(check, address);
        };
    }

    void watch_files(const std::vector<ProbeTarget>& targets,
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

    void take_state_file(const StateFilePath& file, StateFileReading reading) {
        for (const Prober::Number target : files.take(file, std::move(reading))) {
            prober->probe_now(target);
        }
        note_warnings();
    }

    void note_warnings() {
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

    void note_problems(std::span<const Probed> reports) {
        {
            const std::scoped_lock lock(mutex);
            for (const Probed& probed : reports) {
                problems.note(probed.target, probed.report.problem);
            }
        }
        report_problems();
    }

    void note_end_of_helper() {
        {
            const std::scoped_lock lock(mutex);
            problems.note(kHelper, kHelperEnded);
        }
        report_problems();
    }

    void report_problems() {
        std::vector<CheckProblems::Turn> turns;
        {
            const std::scoped_lock lock(mutex);
            turns = problems.take_turns();
        }
        for (const CheckProblems::Turn& turn : turns) {
            if (outlets.note_problem) { outlets.note_problem(turn.problem, turn.is_over); }
        }
    }

    /// On the thread of the context.
    void replace_targets() {
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

    /// Finds out which families this server has a way to. Returns whether that has changed.
    bool look_for_routes() {
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

    /// Returns whether one of the reports is of a self test.
    bool take_self_tests(std::span<const Probed> reports) {
        bool has_any = false;
        for (const Probed& probed : reports) {
            const auto test = testers.find(probed.target);
            if (test == testers.end() || !probed.report.result) { continue; }
            book.note_self_test(test->second, *probed.report.result);
            has_any = true;
        }
        return has_any;
    }

    void note_missing(std::span<const Probed> reports) {
        for (const Probed& probed : reports) {
            const auto found = users.find(probed.target);
            if (found == users.end() || probed.report.result) { continue; }
            for (const Judge::Target target : found->second) {
                book.note_none(target, probed.report.why_none);
            }
        }
    }

    void take(std::span<const Probed> reports) {
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

    void look() {
        bool has_changed = false;
        FileChange edits;
        FileChange turns;
        {
            const std::scoped_lock lock(mutex);
            edits = book.take_window_edits();
            turns = book.keep_time();
            has_changed = book.look();
        }
        const bool is_time = std::chrono::steady_clock::now() - looked_for_routes >= kRoutesEvery;
        const bool has_other_reach = is_time && look_for_routes();
        if (has_other_reach) { replace_targets(); }
        publish(has_changed || !turns.begun.empty() || !turns.ended.empty() || has_other_reach);
        note(edits, OverrideTurn::Ends);
        note(turns, OverrideTurn::Expires);
        save_what_ended(turns.ended);
        note_clock();
        note_alarms();
        save();
        if (outlets.retry_saving) { outlets.retry_saving(); }
        looking.expires_after(kLookEvery);
        looking.async_wait([this](const boost::system::error_code& stopped) {
            if (!stopped) { look(); }
        });
    }

    void note_alarms() {
        std::set<ServiceAlarm> alarms;
        {
            const std::scoped_lock lock(mutex);
            // A check on trial fails without any change of what is up.
            if (!std::exchange(may_have_alarms, book.has_trials())) { return; }
            alarms = book.alarms();
        }
        for (const ServiceAlarm& alarm : noted_alarms) {
            if (!alarms.contains(alarm)) { outlets.note_alarm(alarm, false); }
        }
        for (const ServiceAlarm& alarm : alarms) {
            if (!noted_alarms.contains(alarm)) { outlets.note_alarm(alarm, true); }
        }
        noted_alarms = std::move(alarms);
    }

    /// Carries out a request; `done` as in HealthMonitor.
    void carry_out(const OverrideRequest& request,
                   const std::function<void(OverrideOutcome)>& done) {
        OverrideOutcome outcome;
        {
            const std::scoped_lock lock(mutex);
            outcome = server::carry_out(request, book, unix_seconds(clock.wall()));
        }
        if (outcome.result != OverrideResult::Done) { return done(std::move(outcome)); }
        publish(true);
        for (const Override& entry : outcome.ended) {
            outlets.note_override(entry, OverrideTurn::Ends, request.author);
        }
        if (outcome.begun) {
            outlets.note_override(*outcome.begun, OverrideTurn::Begins, request.author);
        }
        if (outcome.let_back > 0) { outlets.note_release(request.target, request.author); }
        save();  // verdicts say which regions wait for a release
        outlets.save_overrides(without_files(all_overrides()),
                               [done, outcome](std::string problem) mutable {
                                   outcome.save_problem = std::move(problem);
                                   done(std::move(outcome));
                               });
    }

    /// Of files, or by time.
    void note(const FileChange& change, OverrideTurn end) {
        for (const Override& entry : change.ended) {
            outlets.note_override(entry, end, {});
        }
        for (const Override& entry : change.begun) {
            outlets.note_override(entry, OverrideTurn::Begins, entry.author);
        }
    }

    /// What stands in files is not saved.
    void save_what_ended(const std::vector<Override>& ended) {
        if (std::ranges::all_of(ended, &Override::is_from_file)) { return; }
        outlets.save_overrides(without_files(all_overrides()), [](const std::string&) {});
    }

    void note_clock() {
        const bool is_trusted = clock.is_date_trusted();
        if (std::exchange(was_trusted, is_trusted) == is_trusted || !outlets.note_clock) { return; }
        outlets.note_clock(is_trusted);
    }

    void set_file_overrides(std::vector<Override> of_file) {
        FileChange change;
        {
            const std::scoped_lock lock(mutex);
            change = book.set_file_overrides(std::move(of_file));
        }
        publish(true);
        note(change, OverrideTurn::Ends);
    }

    [[nodiscard]] std::vector<Override> all_overrides() const {
        const std::scoped_lock lock(mutex);
        return book.overrides();
    }

    void save() {
        const auto now = std::chrono::steady_clock::now();
        if (!is_unsaved && now - saved < kSaveEvery) { return; }
        std::vector<SavedVerdict> verdicts;
        {
            const std::scoped_lock lock(mutex);
            verdicts = book.verdicts();
        }
        outlets.save(verdicts);
        saved = now;
        is_unsaved = false;
    }

    /// The publisher's lock is taken before the one here, as when a reload asks for a plan.
    void publish(bool has_changed) {
        if (has_changed) {
            is_unsaved = true;
            outlets.publish([this](const zones::Serving& serving) {
                const std::scoped_lock lock(mutex);
                may_have_alarms = true;
                return book.next_live(serving);
            });
        }
        std::vector<AddressTurn> addresses;
        std::vector<RegionTurn> turns;
        std::array<bool, 2> is_blind{};
        {
            const std::scoped_lock lock(mutex);
            addresses = book.take_address_turns();
            turns = book.take_turns();
            is_blind = {book.is_blind(Family::V4), book.is_blind(Family::V6)};
        }
        for (std::size_t family = 0; family < is_blind.size(); ++family) {
            if (std::exchange(was_blind.at(family), is_blind.at(family)) == is_blind.at(family)) {
                continue;
            }
            outlets.note_sight(std::string(family_name(family)), is_blind.at(family));
        }
        if (!addresses.empty()) { outlets.note_addresses(addresses); }
        for (const RegionTurn& turn : turns) {
            outlets.note_turn(turn);
        }
    }

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

HealthMonitor::HealthMonitor(const Clock& clock, const ProberOptions& options,
                             MonitorOutlets outlets)
    : state_(std::make_unique<State>(clock, options, std::move(outlets))) {}

HealthMonitor::~HealthMonitor() {
    stop();
}

std::shared_ptr<const zones::LiveTable> HealthMonitor::plan(const zones::Snapshot& snapshot) {
    std::shared_ptr<const zones::LiveTable> live;
    {
        const std::scoped_lock lock(state_->mutex);
        live = state_->book.plan(snapshot);
        state_->may_have_alarms = true;
    }
    boost::asio::post(state_->context, [state = state_.get()] {
        if (!state->prober) { return; }
        const bool has_changed = state->look_for_routes();
        state->replace_targets();
        if (has_changed) { state->publish(true); }
    });
    return live;
}

void HealthMonitor::start() {
    if (const auto& commands = state_->options.probe.commands) {
        commands->start(state_->context, [state = state_.get()] { state->note_end_of_helper(); });
    }
    state_->prober.emplace(
        state_->context, state_->options,
        [state = state_.get()](std::span<const Probed> reports) { state->take(reports); });
    state_->thread = std::thread([state = state_.get()] {
        const auto work = boost::asio::make_work_guard(state->context);
        const bool has_changed = state->look_for_routes();
        state->replace_targets();
        if (has_changed) { state->publish(true); }
        state->look();
        state->context.run();
        state->prober.reset();
        if (state->options.probe.commands) { state->options.probe.commands->stop(); }
    });
}

void HealthMonitor::stop() {
    if (!state_->thread.joinable()) { return; }
    state_->context.stop();
    state_->thread.join();
}

void HealthMonitor::set_self_tests(const std::vector<Endpoint>& tests) {
    state_->self_tests = tests;
    std::vector<HealthBook::SelfTest> named;
    for (const Endpoint& test : tests) {
        named.push_back({test.address.family(), test.to_string()});
    }
    const std::scoped_lock lock(state_->mutex);
    state_->book.set_self_tests(named);
}

void HealthMonitor::take_state_file(const StateFilePath& file, StateFileReading reading) {
    boost::asio::post(state_->context,
                      [state = state_.get(), file, reading = std::move(reading)]() mutable {
                          state->take_state_file(file, std::move(reading));
                      });
}

void HealthMonitor::set_families(const FamilySet& families) {
    state_->has_set_families = true;
    const std::scoped_lock lock(state_->mutex);
    state_->book.set_reach(Family::V4, families[0]);
    state_->book.set_reach(Family::V6, families[1]);
}

void HealthMonitor::restore(const std::vector<SavedVerdict>& verdicts) {
    const std::scoped_lock lock(state_->mutex);
    state_->book.restore(verdicts);
}

void HealthMonitor::restore_overrides(std::vector<Override> overrides) {
    const std::scoped_lock lock(state_->mutex);
    state_->book.set_overrides(std::move(overrides));
}

void HealthMonitor::set_file_overrides(std::vector<Override> of_file) {
    if (!state_->thread.joinable()) { return state_->set_file_overrides(std::move(of_file)); }
    boost::asio::post(state_->context,
                      [state = state_.get(), of_file = std::move(of_file)]() mutable {
                          state->set_file_overrides(std::move(of_file));
                      });
}

std::vector<Override> HealthMonitor::overrides() const {
    return state_->all_overrides();
}

void HealthMonitor::carry_out(const OverrideRequest& request,
                              std::function<void(OverrideOutcome)> done) {
    boost::asio::post(state_->context, [state = state_.get(), request, done = std::move(done)] {
        state->carry_out(request, done);
    });
}

void HealthMonitor::save_again() {
    boost::asio::post(state_->context, [state = state_.get()] {
        {
            const std::scoped_lock lock(state->mutex);
            state->is_unsaved |= !state->book.verdicts().empty();
        }
        if (state->is_unsaved) { state->save(); }
        auto overrides = without_files(state->all_overrides());
        if (!overrides.empty()) {
            state->outlets.save_overrides(overrides, [](const std::string&) {});
        }
    });
}

std::vector<SavedVerdict> HealthMonitor::verdicts() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->book.verdicts();
}

HealthStatus HealthMonitor::status() const {
    const std::scoped_lock lock(state_->mutex);
    HealthStatus status = state_->book.status();
    status.problems = state_->problems.shown();
    status.warnings = state_->warnings;
    if (state_->has_set_families) { status.out_of_reach.clear(); }  // the operator's own word
    return status;
}

}  // namespace meridian::server
