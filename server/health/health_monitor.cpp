// Runs the checks of what is served, and says what is up.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/health_monitor.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "server/health/health_monitor_state.h"

namespace meridian::server {
namespace {

/// How often the monitor looks for targets whose results have stopped.
constexpr std::chrono::milliseconds kLookEvery{1'000};
/// How often the kernel is asked for its routes. A route that comes is no hurry: until then the
/// family follows the other one.
constexpr std::chrono::seconds kRoutesEvery{5};
/// How often verdicts are saved that have not changed: far more often than they get too old.
constexpr std::chrono::minutes kSaveEvery{5};

}  // namespace

HealthMonitor::State::State(const Clock& its_clock, const ProberOptions& its_options,
                            MonitorOutlets its_outlets)
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

void HealthMonitor::State::look() {
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

void HealthMonitor::State::note_alarms() {
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

void HealthMonitor::State::note_clock() {
    const bool is_trusted = clock.is_date_trusted();
    if (std::exchange(was_trusted, is_trusted) == is_trusted || !outlets.note_clock) { return; }
    outlets.note_clock(is_trusted);
}

void HealthMonitor::State::save() {
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

void HealthMonitor::State::publish(bool has_changed) {
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
