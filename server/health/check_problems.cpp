// Keeps what operators have to mend before checks give results again.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/check_problems.h"

#include <utility>

namespace meridian::server {

void CheckProblems::note(std::uint64_t target, const std::string& problem) {
    const auto known = of_target_.find(target);
    if (known != of_target_.end() && known->second == problem) { return; }
    if (known != of_target_.end()) {
        const auto count = counts_.find(known->second);
        if (--count->second == 0) {
            was_there_.emplace(count->first, true);
            counts_.erase(count);
        }
        of_target_.erase(known);
    }
    if (problem.empty()) { return; }
    of_target_.emplace(target, problem);
    if (++counts_[problem] == 1) { was_there_.emplace(problem, false); }
}

std::vector<CheckProblems::Turn> CheckProblems::take_turns() {
    std::vector<Turn> turns;
    for (const auto& [problem, was_there] : std::exchange(was_there_, {})) {
        const bool is_there = counts_.contains(problem);
        if (is_there != was_there) { turns.push_back({problem, !is_there}); }
    }
    return turns;
}

std::vector<std::string> CheckProblems::shown() const {
    constexpr std::size_t kShown = 16;
    std::vector<std::string> texts;
    for (const auto& [problem, count] : counts_) {
        if (texts.size() == kShown) {
            texts.push_back("and " + std::to_string(counts_.size() - kShown) +
                            " more of that kind");
            break;
        }
        texts.push_back(problem);
    }
    return texts;
}

std::vector<std::uint64_t> CheckProblems::targets() const {
    std::vector<std::uint64_t> targets;
    for (const auto& [target, problem] : of_target_) {
        targets.push_back(target);
    }
    return targets;
}

}  // namespace meridian::server
