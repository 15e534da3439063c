// Turns the results of checks into verdicts, once it is clear that this server is not blind.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/judge.h"

#include <algorithm>
#include <utility>

namespace meridian::server {

void Judge::add(Target target, const JudgedPlace& place, Verdict verdict) {
    remove(target);
    const auto added = targets_.emplace(target, Judged{place, std::move(verdict)}).first;
    begin_to_count(target, added->second);
}

/// From here on blindness is looked for in its results, unless they do not show it.
void Judge::begin_to_count(Target target, const Judged& judged) {
    const JudgedPlace& place = judged.place;
    // One that never passed says nothing of the way: its address may be a typing error.
    if (!place.shows_the_way || judged.verdict.state() == TargetState::Pending) { return; }
    sight(place.family).blindness.add(target, place.region, judged.verdict.timing().every);
}

void Judge::remove(Target target) {
    const auto found = targets_.find(target);
    if (found == targets_.end()) { return; }
    sight(found->second.place.family).blindness.remove(target);
    targets_.erase(found);
}

void Judge::retime(Target target, const zones::HealthTiming& timing) {
    const auto found = targets_.find(target);
    if (found != targets_.end()) { found->second.verdict.retime(timing); }
}

const Verdict* Judge::find(Target target) const {
    const auto found = targets_.find(target);
    return found == targets_.end() ? nullptr : &found->second.verdict;
}

void Judge::set_self_tests(Family family, const std::vector<std::string>& names) {
    sight(family).blindness.set_self_tests(names);
}

void Judge::note_self_test(Family family, const std::string& name, const CheckResult& result) {
    sight(family).blindness.note_self_test(name, result);
}

std::vector<Judge::Target> Judge::take(std::span<const Arrival> arrivals, TimePoint now) {
    std::vector<Target> changed;
    for (const Arrival& arrival : arrivals) {
        const auto found = targets_.find(arrival.target);
        if (found == targets_.end()) { continue; }
        sight(found->second.place.family).blindness.note(arrival.target, arrival.result, now);
    }
    look_for_blindness(Family::V4, now, changed);
    look_for_blindness(Family::V6, now, changed);
    for (const Arrival& arrival : arrivals) {
        const auto found = targets_.find(arrival.target);
        if (found == targets_.end()) { continue; }
        if (take_one(arrival, found->second, now)) { changed.push_back(arrival.target); }
    }
    std::ranges::sort(changed);
    const auto twice = std::ranges::unique(changed);
    changed.erase(twice.begin(), twice.end());
    return changed;
}

std::vector<Judge::Target> Judge::look(TimePoint now) {
    std::vector<Target> changed;
    for (auto& [target, judged] : targets_) {
        if (judged.verdict.look(now)) { changed.push_back(target); }
    }
    return changed;
}

void Judge::look_for_blindness(Family family, TimePoint now, std::vector<Target>& changed) {
    Sight& its = sight(family);
    const bool was_blind = its.blindness.is_blind();
    const bool is_blind = its.blindness.look(now);
    if (was_blind == is_blind) { return; }
    if (was_blind) { its.saw_again = now; }
    for (auto& [target, judged] : targets_) {
        if (judged.place.family != family) { continue; }
        if (is_blind && judged.verdict.take_back_fall(now)) { changed.push_back(target); }
        judged.verdict.start_afresh();
    }
}

bool Judge::take_one(const Arrival& arrival, Judged& judged, TimePoint now) {
    const Sight& its = sight(judged.place.family);
    const bool unseeing = its.blindness.is_blind() || arrival.began < its.saw_again;
    // Others prove that the way to this address is open, so they count.
    if (unseeing && arrival.result.is_sign()) { return judged.verdict.pass_over(now); }
    const bool was_pending = judged.verdict.state() == TargetState::Pending;
    const bool changed = judged.verdict.take(arrival.result, now);
    if (was_pending && judged.verdict.state() != TargetState::Pending) {
        begin_to_count(arrival.target, judged);
    }
    return changed;
}

}  // namespace meridian::server
