// Turns the results of checks into verdicts, once it is clear that this server is not blind.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/judge.h"

#include <algorithm>
#include <utility>

namespace meridian::server {

void Judge::add(Target target, const JudgedPlace& place, Verdict verdict,
                std::optional<Trial> trial) {
    remove(target);
    if (trial) {
        verdict.put_on_trial(true);
        trials_[*trial].insert(target);
    }
    const auto [added, is_new] = targets_.emplace(target, Judged{place, std::move(verdict), trial});
    // One that never passed says nothing of the way: its address may be a typing error.
    if (added->second.verdict.state() != TargetState::Pending) { watch(target, added->second); }
}

void Judge::remove(Target target) {
    const auto found = targets_.find(target);
    if (found == targets_.end()) { return; }
    unwatch(target, found->second);
    if (const auto trial = found->second.trial) {
        trials_.at(*trial).erase(target);
        if (trials_.at(*trial).empty()) { trials_.erase(*trial); }
    }
    targets_.erase(found);
}

/// Counts it among those that show whether this server is blind, where it shows that.
void Judge::watch(Target target, const Judged& judged) {
    if (!judged.place.shows_the_way) { return; }
    for (const Family family : kFamilies) {
        if (!judged.place.families.at(index_of(family))) { continue; }
        sight(family).blindness.add(target, judged.place.region, judged.verdict.timing().every);
    }
}

void Judge::unwatch(Target target, const Judged& judged) {
    for (const Family family : kFamilies) {
        if (judged.place.families.at(index_of(family))) { sight(family).blindness.remove(target); }
    }
}

std::optional<Trial> Judge::failing_trial(Target target) const {
    const auto found = targets_.find(target);
    if (found == targets_.end() || !found->second.trial) { return {}; }
    const bool all_fail = std::ranges::all_of(trials_.at(*found->second.trial), [&](Target member) {
        const Verdict& verdict = targets_.at(member).verdict;
        return verdict.record().failures >= verdict.timing().fall;
    });
    return all_fail ? found->second.trial : std::nullopt;
}

void Judge::end_trial(Trial trial) {
    for (const Target member : trials_.at(trial)) {
        Judged& judged = targets_.at(member);
        judged.trial = {};
        judged.verdict.put_on_trial(false);
    }
    trials_.erase(trial);
}

void Judge::set_reach(Family family, bool is_reached) {
    sight(family).is_reached = is_reached;
}

/// A host may have addresses of both families.
bool Judge::is_reached(const Judged& judged) const {
    const FamilySet& families = judged.place.families;
    const bool is_known = families[0] || families[1];
    return !is_known || (families[0] && sight(Family::V4).is_reached) ||
           (families[1] && sight(Family::V6).is_reached);
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
        Judged& judged = found->second;
        if (arrival.families && *arrival.families != judged.place.families) {
            unwatch(arrival.target, judged);
            judged.place.families = *arrival.families;
            if (judged.verdict.state() != TargetState::Pending) { watch(arrival.target, judged); }
        }
        for (const Family family : kFamilies) {
            if (!judged.place.families.at(index_of(family))) { continue; }
            sight(family).blindness.note(arrival.target, arrival.result, now);
        }
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
        if (!is_reached(judged)) { continue; }  // it is not asked
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
        if (!judged.place.families.at(index_of(family))) { continue; }
        if (is_blind && judged.verdict.take_back_fall(now)) { changed.push_back(target); }
        judged.verdict.start_afresh();
    }
}

bool Judge::take_one(const Arrival& arrival, Judged& judged, TimePoint now) {
    const bool unseeing = std::ranges::any_of(kFamilies, [&](Family family) {
        const Sight& its = sight(family);
        const bool is_blind = its.blindness.is_blind() || arrival.began < its.saw_again;
        return judged.place.families.at(index_of(family)) && is_blind;
    });
    // Others prove that the way to this address is open, so they count.
    const bool says_nothing = (unseeing && arrival.result.is_sign()) || !is_reached(judged);
    if (says_nothing) { return judged.verdict.pass_over(now); }
    if (judged.trial && arrival.result.passed()) { end_trial(*judged.trial); }
    const bool was_pending = judged.verdict.state() == TargetState::Pending;
    const bool changed = judged.verdict.take(arrival.result, now);
    if (was_pending && judged.verdict.state() != TargetState::Pending) {
        watch(arrival.target, judged);
    }
    return changed;
}

}  // namespace meridian::server
