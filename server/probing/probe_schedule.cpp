// Knows when each target is to be probed next, spread so that they do not come together.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/probe_schedule.h"

#include <algorithm>

#include "server/probing/loop_watch.h"

namespace meridian::server {

void ProbeSchedule::add(Number target, std::chrono::milliseconds every, TimePoint now) {
    remove(target);
    const TimePoint due = within(every, now);
    targets_.emplace(target, Target{every, due});
    queue_.emplace(due, target);
}

void ProbeSchedule::remove(Number target) {
    const auto found = targets_.find(target);
    if (found == targets_.end()) { return; }
    queue_.erase({found->second.due, target});
    targets_.erase(found);
}

std::vector<ProbeSchedule::Due> ProbeSchedule::take_due(TimePoint now) {
    std::vector<Due> result;
    while (!queue_.empty() && queue_.begin()->first <= now) {
        const auto [due, number] = *queue_.begin();
        queue_.erase(queue_.begin());
        Target& target = targets_.at(number);
        const bool is_late = now - due > kLateProbe;
        result.push_back({number, is_late});
        target.due = is_late ? within(target.every, now) : due + target.every;
        if (target.due <= now) { target.due = now + target.every; }
        queue_.emplace(target.due, number);
    }
    return result;
}

std::optional<ProbeSchedule::TimePoint> ProbeSchedule::next() const {
    return queue_.empty() ? std::nullopt : std::optional(queue_.begin()->first);
}

std::optional<ProbeSchedule::TimePoint> ProbeSchedule::next_of(Number target) const {
    const auto found = targets_.find(target);
    return found == targets_.end() ? std::nullopt : std::optional(found->second.due);
}

ProbeSchedule::TimePoint ProbeSchedule::within(std::chrono::milliseconds every, TimePoint now) {
    const auto longest = std::chrono::nanoseconds(every).count();
    std::uniform_int_distribution<std::int64_t> spread(1, std::max<std::int64_t>(longest, 1));
    return now + std::chrono::nanoseconds(spread(random_));
}

}  // namespace meridian::server
