// Decides from the results of its checks whether one target is up.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/verdict.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace meridian::server {

using std::chrono::milliseconds;

namespace {

void count(std::uint32_t& in_a_row) {
    if (in_a_row < std::numeric_limits<std::uint32_t>::max()) { ++in_a_row; }
}

}  // namespace

Verdict::Verdict(const zones::HealthTiming& timing, VerdictRecord record, TimePoint now)
    : timing_(timing), record_(std::move(record)), watched_since_(now) {}

Verdict Verdict::unknown(const zones::HealthTiming& timing, TimePoint now) {
    return {timing, {.state = TargetState::Unknown, .since = now}, now};
}

Verdict Verdict::pending(const zones::HealthTiming& timing, TimePoint now) {
    return {timing, {.state = TargetState::Pending, .since = now}, now};
}

Verdict Verdict::saved(const zones::HealthTiming& timing, VerdictRecord record, TimePoint now) {
    Verdict verdict(timing, std::move(record), now);
    verdict.start_afresh();
    verdict.record_.last_result = {};  // it is ours that are waited for
    verdict.record_.stale = false;
    return verdict;
}

bool Verdict::take(const CheckResult& result, TimePoint now) {
    const bool was_stale = note_result(now);
    const bool changed = result.passed() ? take_success(now) : take_failure(result, now);
    return changed || was_stale;
}

bool Verdict::pass_over(TimePoint now) {
    return note_result(now);
}

bool Verdict::look(TimePoint now) {
    if (record_.stale || now < stale_at()) { return false; }
    record_.stale = true;
    return true;
}

Verdict::TimePoint Verdict::stale_at() const {
    return record_.last_result.value_or(watched_since_) + window();
}

void Verdict::start_afresh() {
    record_.successes = 0;
    record_.failures = 0;
    only_signs_ = true;
}

bool Verdict::take_back_fall(TimePoint now) {
    const bool recent = before_fall_ && record_.state == TargetState::Down &&
                        now - *record_.last_fall <= 2 * timing_.every;
    if (!recent || !only_signs_ || record_.failures == 0) { return false; }
    record_.state = before_fall_->state;
    record_.since = before_fall_->since;
    record_.last_fall = before_fall_->last_fall;
    record_.hold = before_fall_->hold;
    before_fall_ = {};
    start_afresh();
    return true;
}

bool Verdict::take_success(TimePoint now) {
    record_.failures = 0;
    only_signs_ = true;
    count(record_.successes);
    switch (record_.state) {
        case TargetState::Up:
            return false;
        case TargetState::Unknown:
        case TargetState::Pending:
            break;
        case TargetState::Down:
            if (record_.successes < timing_.rise || now < record_.hold_until().value_or(now)) {
                return false;
            }
    }
    enter(TargetState::Up, now);
    return true;
}

bool Verdict::take_failure(const CheckResult& result, TimePoint now) {
    record_.successes = 0;
    record_.reason = result.text;
    count(record_.failures);
    only_signs_ = only_signs_ && result.is_sign();
    if (is_on_trial_) { return false; }
    switch (record_.state) {
        case TargetState::Down:
        case TargetState::Pending:
            return false;
        case TargetState::Unknown:
            break;
        case TargetState::Up:
            if (record_.failures < timing_.fall) { return false; }
    }
    fall(now);
    return true;
}

void Verdict::fall(TimePoint now) {
    before_fall_ = BeforeFall{record_.state, record_.since, record_.last_fall, record_.hold};
    record_.hold = next_hold(now);
    record_.last_fall = now;
    enter(TargetState::Down, now);
}

void Verdict::enter(TargetState state, TimePoint now) {
    record_.state = state;
    record_.since = now;
}

bool Verdict::note_result(TimePoint now) {
    record_.last_result = now;
    return std::exchange(record_.stale, false);
}

milliseconds Verdict::next_hold(TimePoint now) const {
    if (!record_.last_fall) { return timing_.hold; }
    const milliseconds together = std::max<milliseconds>(kFallsTogether, 2 * record_.hold);
    if (now - *record_.last_fall > together) { return timing_.hold; }
    const milliseconds longest = std::max<milliseconds>(kLongestHold, timing_.hold);
    return std::clamp(2 * record_.hold, timing_.hold, longest);
}

}  // namespace meridian::server
