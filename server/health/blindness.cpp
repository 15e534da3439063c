// Finds out whether this server has lost its own way to the network, in one family.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/blindness.h"

#include <algorithm>
#include <utility>

namespace meridian::server {

void Blindness::add(Target target, const std::string& region, std::chrono::milliseconds every) {
    remove(target);
    targets_.emplace(target, Latest{region, every});
}

void Blindness::remove(Target target) {
    const auto found = targets_.find(target);
    if (found == targets_.end()) { return; }
    discount(found->second);
    targets_.erase(found);
    turned_ = true;  // the share of the others has grown
}

void Blindness::note(Target target, const CheckResult& result, TimePoint now) {
    const auto found = targets_.find(target);
    if (found == targets_.end()) { return; }
    Latest& latest = found->second;
    discount(latest);
    if (result.is_sign() && !latest.is_sign) {
        latest.turned = now;
        turned_ = true;
    }
    latest.is_sign = result.is_sign();
    count(latest);
}

void Blindness::set_self_tests(const std::vector<std::string>& names) {
    std::unordered_map<std::string, std::optional<bool>> replaced;
    for (const std::string& name : names) {
        const auto known = self_test_fails_.find(name);
        replaced[name] = known == self_test_fails_.end() ? std::nullopt : known->second;
    }
    self_test_fails_ = std::move(replaced);
}

void Blindness::note_self_test(const std::string& name, const CheckResult& result) {
    const auto found = self_test_fails_.find(name);
    // A refused connection came back over the uplink: the way is open.
    if (found != self_test_fails_.end()) { found->second = result.is_sign(); }
}

bool Blindness::look(TimePoint now) {
    if (const std::optional<bool> fail = self_tests_fail()) {
        blind_ = *fail;
    } else if (blind_ || !turned_) {
        blind_ = blind_ && most_are_signs();
    } else if (most_are_signs()) {
        blind_ = turned_lately(now);
        turned_ = false;  // time alone makes none of them later: the next that turns may
    }
    return blind_;
}

void Blindness::count(const Latest& latest) {
    if (!latest.is_sign) { return; }
    ++sign_count_;
    ++signs_of_region_[latest.region];
}

void Blindness::discount(const Latest& latest) {
    if (!latest.is_sign) { return; }
    --sign_count_;
    const auto region = signs_of_region_.find(latest.region);
    if (--region->second == 0) { signs_of_region_.erase(region); }
}

std::optional<bool> Blindness::self_tests_fail() const {
    bool all_known = !self_test_fails_.empty();
    for (const auto& [name, fails] : self_test_fails_) {
        if (fails == false) { return false; }
        all_known = all_known && fails.has_value();
    }
    return all_known ? std::optional(true) : std::nullopt;
}

bool Blindness::most_are_signs() const {
    return targets_.size() >= kLeastBlindTargets && signs_of_region_.size() >= kLeastBlindRegions &&
           100 * sign_count_ >= kBlindPercent * targets_.size();
}

bool Blindness::turned_lately(TimePoint now) const {
    const auto lately = std::ranges::count_if(targets_, [&](const auto& entry) {
        const Latest& latest = entry.second;
        return latest.is_sign && now - latest.turned <= 2 * latest.every;
    });
    return 2 * static_cast<std::size_t>(lately) > sign_count_;
}

}  // namespace meridian::server
