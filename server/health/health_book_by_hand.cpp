// Keeps what operators set by hand, and lets regions back that wait for their release.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "meridian/clock.h"
#include "meridian/zones/model/zone.h"
#include "server/health/health_book.h"

namespace meridian::server {

void HealthBook::set_overrides(std::vector<Override> overrides) {
    overrides_ = std::move(overrides);
    if (plan_ == nullptr) { return; }
    const HandStates before = std::exchange(by_hand_, HandStates(*plan_, overrides_));
    for (std::uint32_t service = 0; service < plan_->services().size(); ++service) {
        doubt_returned(service, before.of(service));
    }
    is_all_new_ = true;
}

FileChange HealthBook::set_file_overrides(std::vector<Override> of_file) {
    std::vector<Override> next = overrides_;
    FileChange change = replace_in_file(next, std::move(of_file), end_time(clock_));
    set_overrides(std::move(next));
    return change;
}

FileChange HealthBook::keep_time() {
    const EndTime now = end_time(clock_);
    pin_ends(overrides_, now);
    std::vector<Override> next = overrides_;
    FileChange change;
    change.ended = expire(next, now);
    if (now.is_date_trusted) { begin_windows(next, change); }
    if (!change.begun.empty() || !change.ended.empty()) { set_overrides(std::move(next)); }
    return change;
}

void HealthBook::begin_windows(std::vector<Override>& overrides, FileChange& change) const {
    const std::int64_t now = unix_seconds(clock_.wall());
    for (const Override& window : windows_) {
        if (window.since > now) { return; }
        const bool holds = std::ranges::any_of(
            overrides, [&](const Override& other) { return is_same_window(window, other); });
        if (window.until <= now || holds) { continue; }
        overrides.push_back(window);
        change.begun.push_back(window);
    }
}

/// At a start, when nothing is known of before, the date decides even where it is not trusted:
/// the windows of a machine that started again hold on.
void HealthBook::take_windows() {
    const bool is_start = !has_windows_;
    has_windows_ = true;
    windows_ = windows_of(*plan_);
    std::vector<Override> next;
    for (const Override& entry : overrides_) {
        const auto same = std::ranges::find_if(
            windows_, [&](const Override& window) { return is_same_window(window, entry); });
        const bool is_gone = entry.is_maintenance && same == windows_.end();
        (is_gone ? window_edits_.ended : next).push_back(same == windows_.end() ? entry : *same);
    }
    if (is_start || clock_.is_date_trusted()) { begin_windows(next, window_edits_); }
    overrides_ = std::move(next);
}

OverridePreview HealthBook::preview(const std::vector<Override>& next,
                                    const OverrideTarget& target) const {
    if (plan_ == nullptr) { return {}; }
    OverridePreview preview = server::preview({*plan_, states_, overrides_, next}, target);
    const bool is_release =
        std::ranges::none_of(next, [&](const Override& entry) { return entry.target == target; });
    for (HitRegion& hit : preview.regions) {
        if (!waits_anywhere(hit, target)) { continue; }
        // By its states alone, what waits stands on the rung of what is up.
        std::ranges::replace(hit.before, std::string(to_text(zones::Rung::Up)),
                             std::string(to_text(zones::Rung::Latched)));
        if (is_release) { continue; }
        std::ranges::replace(hit.after, std::string(to_text(zones::Rung::Up)),
                             std::string(to_text(zones::Rung::Latched)));
    }
    return preview;
}

/// Whether a region that the target is about waits for its release.
bool HealthBook::waits_anywhere(const HitRegion& hit, const OverrideTarget& target) const {
    for (std::size_t i = 0; i < records_.size(); ++i) {
        const PlannedService& service = plan_->services()[i];
        for (std::size_t region = 0; region < records_[i].size(); ++region) {
            const zones::Region& there = *service.regions[region].region;
            if (there.name != hit.region || there.file != hit.file) { continue; }
            const auto& rungs = records_[i][region].rungs;
            const bool waits = rungs[0] == zones::Rung::Latched || rungs[1] == zones::Rung::Latched;
            if (waits && matches(target, service.name, there)) { return true; }
        }
    }
    return false;
}

void HealthBook::doubt_returned(std::uint32_t service, std::span<const HandState> before) {
    const std::span<const HandState> after = by_hand_.of(service);
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (before[i] == after[i]) { continue; }
        const auto is_out = [](const HandState& hand) {
            return hand.is_drained || hand.is_forced_down;
        };
        if (is_out(before[i]) && !is_out(after[i])) {
            std::ranges::for_each(plan_->services()[service].regions[i].probes,
                                  [&](std::uint32_t probe) { doubt(probe); });
        }
        for (std::size_t family = 0; family < 2; ++family) {
            const std::uint64_t returned =
                taken_out(before[i], family) & ~taken_out(after[i], family);
            const auto& targets = plan_->services()[service].regions[i].targets.at(family);
            for (std::size_t at = 0; at < targets.size(); ++at) {
                const bool is_back = (returned >> at & 1) != 0;
                if (is_back && targets[at] != kUnchecked) { doubt(targets[at]); }
            }
        }
    }
}

/// It has no hold: nothing fell.
void HealthBook::doubt(std::uint32_t target) {
    const Target& planned = plan_->targets()[target];
    VerdictRecord record = judge_.find(numbers_[target])->record();
    if (record.state != TargetState::Up || record.successes >= planned.timing.rise) { return; }
    record.state = TargetState::Down;
    record.since = clock_.steady();
    if (record.reason.empty()) { record.reason = "not checked often enough since it is back"; }
    judge_.add(numbers_[target], place_of(*plan_, target),
               Verdict::saved(planned.timing, std::move(record), clock_.steady()));
    states_.of_targets[target] = AddressState::Down;
}

std::size_t HealthBook::release_latched(const OverrideTarget& target, bool is_dry_run) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < records_.size(); ++i) {
        const PlannedService& service = plan_->services()[i];
        for (std::size_t region = 0; region < records_[i].size(); ++region) {
            if (!matches(target, service.name, *service.regions[region].region)) { continue; }
            for (bool& is_latched : records_[i][region].is_latched) {
                if (!is_latched) { continue; }
                ++count;
                if (!is_dry_run) { is_latched = false; }
            }
        }
    }
    if (count > 0 && !is_dry_run) { is_all_new_ = true; }
    return count;
}

/// Those of regions that wait to be released.
std::set<std::uint32_t> HealthBook::latched_targets() const {
    std::set<std::uint32_t> latched;
    for (std::size_t i = 0; i < records_.size(); ++i) {
        for (std::size_t region = 0; region < records_[i].size(); ++region) {
            for (std::size_t family = 0; family < 2; ++family) {
                if (!records_[i][region].is_latched[family]) { continue; }
                const auto& targets = plan_->services()[i].regions[region].deciding(family);
                latched.insert(targets.begin(), targets.end());
            }
        }
    }
    return latched;
}

}  // namespace meridian::server
