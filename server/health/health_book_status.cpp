// Describes what the book of health knows, for operators.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "meridian/zones/model/zone.h"
#include "server/health/health_book.h"
#include "server/health/service_alarms.h"

namespace meridian::server {

HealthStatus HealthBook::status() const {
    HealthStatus status;
    status.self_tests = self_tests_;
    for (const Family family : {Family::V4, Family::V6}) {
        if (judge_.is_blind(family)) { status.blind.emplace_back(family_name(family)); }
    }
    for (const Override& entry : overrides_) {
        status.overrides.push_back(
            {entry, plan_ == nullptr || !is_about_anything(*plan_, entry.target)});
    }
    if (plan_ == nullptr) { return status; }
    add_planned(status);
    for (const Family family : {Family::V4, Family::V6}) {
        const auto is_of_it = [&](const Target& target) {
            return target.host_name.empty() && target.address.family() == family;
        };
        if (judge_.is_reached(family) || std::ranges::none_of(plan_->targets(), is_of_it)) {
            continue;
        }
        status.out_of_reach.emplace_back(family_name(family));
    }
    status.target_count = numbers_.size();
    // With another TTL it is the same; zones may check one region otherwise.
    std::set<std::pair<RegionKey, std::array<std::vector<std::uint32_t>, 3>>> shown;
    for (std::size_t i = 0; i < plan_->services().size(); ++i) {
        const PlannedService& service = plan_->services()[i];
        for (std::size_t region = 0; region < service.regions.size(); ++region) {
            const PlannedRegion& planned = service.regions[region];
            const bool is_quiet = service.health == nullptr && is_up(i, region);
            if (is_quiet) { continue; }
            const std::array targets{planned.targets[0], planned.targets[1], planned.probes};
            if (!shown.emplace(key_of(service, planned), targets).second) { continue; }
            status.regions.push_back(health_of(static_cast<std::uint32_t>(i), region));
        }
    }
    add_unchecked(status);
    const std::set<ServiceAlarm> all = alarms();
    status.alarms.assign(all.begin(), all.end());
    return status;
}

std::set<ServiceAlarm> HealthBook::alarms() const {
    std::set<ServiceAlarm> alarms;
    if (plan_ == nullptr) { return alarms; }
    for (std::size_t i = 0; i < plan_->services().size(); ++i) {
        const PlannedService& service = plan_->services()[i];
        if (service.is_answered) { add_alarms(service, decided_[i], alarms); }
        if (!has_failing_check(service)) { continue; }
        alarms.insert({.service = service.name,
                       .file = service.regions.front().region->file,
                       .kind = AlarmKind::ChangedCheckFails,
                       .family = {}});
    }
    for (const HandledService& handled : by_hand_.unchecked()) {
        add_alarms(handled.service, changes_of(handled), alarms);
    }
    return alarms;
}

/// The states of a service of which only what was set by hand is known.
std::vector<zones::LiveChange> HealthBook::changes_of(const HandledService& handled) const {
    std::vector<zones::LiveChange> changes;
    append_changes(handled.service, handled.by_hand, {}, states_, changes);
    return changes;
}

/// Windows that have not begun, a clock that is not trusted may hold some back.
void HealthBook::add_planned(HealthStatus& status) const {
    constexpr std::size_t kMost = 20;
    const std::int64_t now = unix_seconds(clock_.wall());
    std::size_t shown = 0;
    for (const Override& window : windows_) {
        const bool holds = std::ranges::any_of(
            overrides_, [&](const Override& other) { return is_same_window(window, other); });
        if (holds || window.until <= now) { continue; }
        if (shown++ < kMost) {
            status.overrides.push_back({.entry = window, .is_planned = true});
        } else {
            ++status.later_windows;
        }
    }
}

/// Whether nothing but its being up can be said of a region that is never checked.
bool HealthBook::is_up(std::size_t service, std::size_t region) const {
    const PlannedRegion& planned = plan_->services()[service].regions[region];
    const RegionRecord& record = records_[service][region];
    for (std::size_t family = 0; family < record.rungs.size(); ++family) {
        const bool has_family = !planned.targets[family].empty();
        if (has_family && record.rungs[family] != zones::Rung::Up) { return false; }
    }
    return by_hand_.of(static_cast<std::uint32_t>(service))[region] == HandState();
}

/// The regions for which something was set by hand, without addresses: nothing is known of those.
void HealthBook::add_unchecked(HealthStatus& status) const {
    std::set<RegionKey> shown;
    for (const HandledService& handled : by_hand_.unchecked()) {
        const std::vector<zones::LiveChange> changes = changes_of(handled);
        for (std::size_t i = 0; i < changes.size(); ++i) {
            const PlannedRegion& region = handled.service.regions[i];
            if (handled.by_hand[i] == HandState()) { continue; }
            if (!shown.insert(key_of(handled.service, region)).second) { continue; }
            RegionHealth health{.service = handled.service.name,
                                .region = region.region->name,
                                .file = region.region->file,
                                .has_families = !region.region->addresses.empty()};
            for (std::size_t family = 0; family < health.families.size(); ++family) {
                if (region.targets.at(family).empty()) { continue; }
                health.families.at(family).rung = changes[i].rungs.at(family);
            }
            status.regions.push_back(std::move(health));
        }
    }
}

RegionHealth HealthBook::health_of(std::uint32_t number, std::size_t index) const {
    const PlannedService& service = plan_->services()[number];
    const PlannedRegion& region = service.regions[index];
    const RegionRecord& record = records_[number][index];
    RegionHealth health{.service = service.name,
                        .region = region.region->name,
                        .file = region.region->file,
                        .has_probes = !region.probes.empty(),
                        .has_families = !region.region->addresses.empty()};
    for (const std::uint32_t probe : region.probes) {
        health.addresses.push_back(health_of(probe));
    }
    for (std::size_t family = 0; family < health.families.size(); ++family) {
        if (region.targets[family].empty()) { continue; }
        health.families[family] = {.rung = record.rungs[family],
                                   .since = date_of(record.since[family]),
                                   .reason = outside_reason_of({number, index, family}),
                                   .in_panic = decided_[number][index].in_panic[family]};
        if (health.has_probes) { continue; }
        for (const std::uint32_t target : region.targets[family]) {
            if (target != kUnchecked) { health.addresses.push_back(health_of(target)); }
        }
    }
    return health;
}

/// What takes the region down that is not its own: a service that it depends on, the other family.
std::string HealthBook::outside_reason_of(const Place& place) const {
    const auto& changes = decided_[place.service];
    const PlannedService& service = plan_->services()[place.service];
    const PlannedRegion& region = service.regions[place.region];
    switch (changes[place.region].down_by[place.family]) {
        case zones::DownBy::Itself:
            break;
        case zones::DownBy::OtherFamily:
            return place.family == 0 ? "its IPv6 is" : "its IPv4 is";
        case zones::DownBy::Dependency:
            for (const Dependency& dependency :
                 dependencies_of(service, plan_->services(), decided_)) {
                const zones::Rung rung = rung_at(dependency, *region.region);
                if (rung >= zones::Rung::Drained) {
                    return dependency.service->name + " is down there";
                }
                if (rung == zones::Rung::Latched) {
                    return dependency.service->name + " does there";
                }
            }
    }
    return {};
}

AddressHealth HealthBook::health_of(std::uint32_t target) const {
    const VerdictRecord& record = judge_.find(numbers_[target])->record();
    const auto days = certificate_days_.find(numbers_[target]);
    const auto none = why_none_.find(numbers_[target]);
    const bool is_failing = record.failures > 0 || record.state == TargetState::Down;
    return {.address = plan_->targets()[target].label(),
            .state = std::string(to_text(record.state)),
            .reason = is_failing ? record.reason : std::string(),
            .since = date_of(record.since),
            .last = record.last_result ? date_of(*record.last_result) : 0,
            .successes = record.successes,
            .failures = record.failures,
            .hold_until = record.state == TargetState::Down && record.hold_until()
                              ? date_of(*record.hold_until())
                              : 0,
            .stale = record.stale,
            .certificate_days =
                days == certificate_days_.end() ? std::nullopt : std::optional(days->second),
            .why_none = none == why_none_.end() ? std::string() : none->second};
}

/// The date of a time on the clock for intervals.
std::int64_t HealthBook::date_of(TimePoint when) const {
    const auto ago = clock_.steady() - when;
    const auto date = clock_.wall() - std::chrono::duration_cast<std::chrono::nanoseconds>(ago);
    return unix_seconds(date);
}

}  // namespace meridian::server
