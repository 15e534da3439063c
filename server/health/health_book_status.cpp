// Describes what the book of health knows, for operators.
//
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "meridian/zones/model/zone.h"
#include "server/health/health_book.h"

namespace meridian::server {

HealthStatus HealthBook::status() const {
    HealthStatus status;
    for (const Family family : {Family::V4, Family::V6}) {
        if (judge_.is_blind(family)) { status.blind.emplace_back(family_name(family)); }
    }
    for (const Override& entry : overrides_) {
        status.overrides.push_back(
            {entry, plan_ == nullptr || !is_about_anything(*plan_, entry.target)});
    }
    if (plan_ == nullptr) { return status; }
    status.target_count = numbers_.size();
    // With another TTL it is the same; zones may check one region otherwise.
    std::set<std::pair<RegionKey, std::array<std::vector<std::uint32_t>, 2>>> shown;
    for (std::size_t i = 0; i < plan_->services().size(); ++i) {
        const PlannedService& service = plan_->services()[i];
        for (std::size_t region = 0; region < service.regions.size(); ++region) {
            const PlannedRegion& planned = service.regions[region];
            if (!shown.emplace(key_of(service, planned), planned.targets).second) { continue; }
            status.regions.push_back(health_of(service, planned, records_[i][region]));
        }
    }
    add_unchecked(status);
    return status;
}

/// The regions for which something was set by hand, without addresses: nothing is known of those.
void HealthBook::add_unchecked(HealthStatus& status) const {
    std::set<RegionKey> shown;
    for (const HandledService& handled : by_hand_.unchecked()) {
        std::vector<zones::LiveChange> changes;
        append_changes(handled.service, handled.by_hand, states_, changes);
        for (std::size_t i = 0; i < changes.size(); ++i) {
            const PlannedRegion& region = handled.service.regions[i];
            if (handled.by_hand[i] == HandState()) { continue; }
            if (!shown.insert(key_of(handled.service, region)).second) { continue; }
            RegionHealth health{.service = handled.service.name,
                                .region = region.region->name,
                                .file = region.region->file};
            for (std::size_t family = 0; family < health.families.size(); ++family) {
                if (region.targets.at(family).empty()) { continue; }
                health.families.at(family).rung = changes[i].rungs.at(family);
            }
            status.regions.push_back(std::move(health));
        }
    }
}

RegionHealth HealthBook::health_of(const PlannedService& service, const PlannedRegion& region,
                                   const RegionRecord& record) const {
    RegionHealth health{
        .service = service.name, .region = region.region->name, .file = region.region->file};
    for (std::size_t family = 0; family < health.families.size(); ++family) {
        if (region.targets[family].empty()) { continue; }
        health.families[family] = {record.rungs[family], date_of(record.since[family])};
        for (const std::uint32_t target : region.targets[family]) {
            health.addresses.push_back(health_of(target));
        }
    }
    return health;
}

AddressHealth HealthBook::health_of(std::uint32_t target) const {
    const VerdictRecord& record = judge_.find(numbers_[target])->record();
    const bool is_failing = record.failures > 0 || record.state == TargetState::Down;
    return {.address = plan_->targets()[target].address.to_string(),
            .state = std::string(to_text(record.state)),
            .reason = is_failing ? record.reason : std::string(),
            .since = date_of(record.since),
            .last = record.last_result ? date_of(*record.last_result) : 0,
            .successes = record.successes,
            .failures = record.failures,
            .hold_until = record.state == TargetState::Down && record.hold_until()
                              ? date_of(*record.hold_until())
                              : 0,
            .stale = record.stale};
}

/// The date of a time on the clock for intervals.
std::int64_t HealthBook::date_of(TimePoint when) const {
    const auto ago = clock_.steady() - when;
    const auto date = clock_.wall() - std::chrono::duration_cast<std::chrono::nanoseconds>(ago);
    return unix_seconds(date);
}

}  // namespace meridian::server
