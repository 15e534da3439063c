// Keeps what is known of all targets, and makes live tables from it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/health_book.h"

#include <algorithm>
#include <array>
#include <utility>

#include "meridian/zones/model/zone.h"

namespace meridian::server {
namespace {

/// Whether its regions wait for a release when they have fallen.
bool waits_for_release(const PlannedService& service) {
    return service.health != nullptr && service.health->manual_failback;
}

}  // namespace

AddressState address_state(TargetState state) {
    switch (state) {
        case TargetState::Unknown:
        case TargetState::Up:
            break;
        case TargetState::Pending:
            return AddressState::Pending;
        case TargetState::Down:
            return AddressState::Down;
    }
    return AddressState::Up;
}

std::shared_ptr<const zones::LiveTable> HealthBook::whole_table() {
    changed_services_.clear();
    is_all_new_ = false;
    std::vector<zones::LiveChange> all;
    for (std::uint32_t service = 0; service < plan_->services().size(); ++service) {
        add_changes(service, all);
    }
    for (const HandledService& handled : by_hand_.unchecked()) {
        append_changes(handled.service, handled.by_hand, {}, states_, all);
    }
    return all.empty() ? plan_->all_up() : plan_->all_up()->with(all);
}

void HealthBook::set_self_tests(const std::vector<SelfTest>& tests) {
    self_tests_.clear();
    for (const Family family : {Family::V4, Family::V6}) {
        std::vector<std::string> names;
        for (const SelfTest& test : tests) {
            if (test.family == family) { names.push_back(test.name); }
        }
        judge_.set_self_tests(family, names);
    }
    for (const SelfTest& test : tests) {
        self_tests_.push_back({.address = test.name, .family = test.family});
    }
}

void HealthBook::note_self_test(std::size_t number, const CheckResult& result) {
    SelfTestHealth& test = self_tests_.at(number);
    test.is_known = true;
    test.reason = result.text;
    judge_.note_self_test(test.family, test.address, result);
}

std::vector<SavedVerdict> HealthBook::verdicts() const {
    std::vector<SavedVerdict> verdicts;
    const std::set<std::uint32_t> latched = latched_targets();
    for (std::uint32_t i = 0; i < numbers_.size(); ++i) {
        const Verdict& verdict = *judge_.find(numbers_[i]);
        const VerdictRecord& record = verdict.record();
        const bool is_latched = latched.contains(i);
        if (record.state == TargetState::Unknown && !is_latched) { continue; }
        verdicts.push_back(save(plan_->targets()[i], record, clock_));
        verdicts.back().is_latched = is_latched;
        verdicts.back().is_on_trial = verdict.is_on_trial();
    }
    return verdicts;
}

std::vector<HealthBook::NumberedTarget> HealthBook::targets() const {
    std::vector<NumberedTarget> targets;
    targets.reserve(numbers_.size());
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
        targets.push_back({numbers_[i], plan_->targets()[i]});
    }
    return targets;
}

bool HealthBook::take(std::span<const Arrival> arrivals) {
    for (const Arrival& arrival : arrivals) {
        why_none_.erase(arrival.target);
        if (arrival.certificate_days && indices_.contains(arrival.target)) {
            certificate_days_.insert_or_assign(arrival.target, *arrival.certificate_days);
        }
    }
    note(judge_.take(arrivals, clock_.steady()));
    return !changed_services_.empty();
}

void HealthBook::note_none(Judge::Target target, const std::string& why) {
    if (indices_.contains(target)) { why_none_.insert_or_assign(target, why); }
}

bool HealthBook::set_reach(Family family, bool is_reached) {
    if (judge_.is_reached(family) == is_reached) { return false; }
    judge_.set_reach(family, is_reached);
    states_.is_out_of_reach.at(index_of(family)) = !is_reached;
    is_all_new_ = plan_ != nullptr;
    return is_all_new_;
}

bool HealthBook::has_failing_check(const PlannedService& service) const {
    if (!judge_.has_trials()) { return false; }
    return std::ranges::any_of(service.regions, [&](const PlannedRegion& region) {
        return std::ranges::any_of(std::array{0, 1}, [&](std::size_t family) {
            return std::ranges::any_of(region.deciding(family), [&](std::uint32_t target) {
                return target != kUnchecked && judge_.failing_trial(numbers_[target]).has_value();
            });
        });
    });
}

bool HealthBook::look() {
    note(judge_.look(clock_.steady()));
    return !changed_services_.empty();
}

void HealthBook::note(const std::vector<Judge::Target>& targets) {
    for (const Judge::Target number : targets) {
        const std::uint32_t target = indices_.at(number);
        const VerdictRecord& record = judge_.find(number)->record();
        const AddressState state = address_state(record.state);
        if (std::exchange(states_.of_targets[target], state) == state) { continue; }
        note_address(*plan_, target, number);
        const auto services = plan_->services_of(target);
        changed_services_.insert(services.begin(), services.end());
    }
}

void HealthBook::note_address(const HealthPlan& plan, std::uint32_t target, Judge::Target number,
                              std::string_view state) {
    const VerdictRecord& record = judge_.find(number)->record();
    const bool is_up = address_state(record.state) == AddressState::Up;
    const Target& planned = plan.targets()[target];
    address_turns_.push_back({.address = planned.label(),
                              .check = target_digest(planned).to_text(),
                              .region = plan.region_of(target),
                              .state = std::string(state.empty() ? to_text(record.state) : state),
                              .reason = is_up ? std::string() : record.reason});
}

std::shared_ptr<const zones::LiveTable> HealthBook::next_live(const zones::Serving& serving) {
    const bool is_any_new = is_all_new_ || !changed_services_.empty();
    if (!is_any_new || !plan_->belongs_to(*serving.snapshot())) { return {}; }
    if (is_all_new_) { return whole_table(); }
    std::vector<zones::LiveChange> all;
    for (; !changed_services_.empty(); changed_services_.erase(changed_services_.begin())) {
        const std::uint32_t service = *changed_services_.begin();
        add_changes(service, all);
        const auto& dependents = plan_->services()[service].dependents;  // these come behind it
        changed_services_.insert(dependents.begin(), dependents.end());
    }
    return serving.live()->with(all);
}

/// Of a region that was not planned before: an earlier process may have seen it fall.
HealthBook::RegionRecord HealthBook::first_record(const PlannedService& service,
                                                  const PlannedRegion& region) const {
    RegionRecord record;
    if (!waits_for_release(service) || restored_latches_.empty()) { return record; }
    for (std::size_t family = 0; family < record.is_latched.size(); ++family) {
        record.is_latched[family] =
            std::ranges::any_of(region.deciding(family), [&](std::uint32_t target) {
                return target != kUnchecked &&
                       restored_latches_.contains(target_digest(plan_->targets()[target]));
            });
    }
    return record;
}

void HealthBook::add_changes(std::uint32_t service, std::vector<zones::LiveChange>& all) {
    const PlannedService& planned = plan_->services()[service];
    std::vector<zones::LiveChange>& changes = decided_[service];
    changes.clear();
    append_changes(planned, by_hand_.of(service),
                   dependencies_of(planned, plan_->services(), decided_), states_, changes);
    for (std::size_t i = 0; i < planned.regions.size(); ++i) {
        RegionRecord& record = records_[service][i];
        for (std::size_t family = 0; family < 2; ++family) {
            zones::Rung& rung = changes[i].rungs[family];
            const bool has_fallen = record.rungs[family] == zones::Rung::Up &&
                                    (rung == zones::Rung::BelowMinimum ||
                                     rung == zones::Rung::LacksOther || rung == zones::Rung::Down);
            const bool may_wait = waits_for_release(planned);
            if (has_fallen && may_wait) { record.is_latched[family] = true; }
            if (rung == zones::Rung::Up && may_wait && record.is_latched[family]) {
                rung = zones::Rung::Latched;
            }
            note_rung({service, i, family}, rung, record);
        }
    }
    panic_where_few_are_up(planned, by_hand_.of(service), states_, changes);
    all.insert(all.end(), changes.begin(), changes.end());
}

void HealthBook::note_rung(const Place& place, zones::Rung rung, RegionRecord& record) {
    const std::size_t family = place.family;
    const PlannedService& service = plan_->services()[place.service];
    const PlannedRegion& region = service.regions[place.region];
    if (region.targets[family].empty()) { return; }
    const zones::Rung before = std::exchange(record.rungs[family], rung);
    if (before == rung) { return; }
    record.since[family] = before == zones::Rung::None
                               ? first_since(region, family, rung, service.name)
                               : clock_.steady();
    const bool is_new_and_up = before == zones::Rung::None && rung == zones::Rung::Up;
    if (is_new_and_up) { return; }
    turns_.push_back(
        {service.name, region.region->name, region.region->file, family, rung, reason_of(place)});
}

/// Since when it stands there, where another process saw that: its last address to turn decided,
/// or what was set by hand.
HealthBook::TimePoint HealthBook::first_since(const PlannedRegion& region, std::size_t family,
                                              zones::Rung rung, const std::string& service) const {
    const TimePoint now = clock_.steady();
    TimePoint since = TimePoint::min();
    if (is_out_by_hand(rung)) {
        for (const Override& entry : overrides_) {
            if (!matches(entry.target, service, *region.region)) { continue; }
            const std::int64_t ago =
                std::max<std::int64_t>(0, unix_seconds(clock_.wall()) - entry.since);
            since = std::max(since, now - std::chrono::seconds(ago));
        }
        return since == TimePoint::min() ? now : since;
    }
    for (const std::uint32_t target : region.deciding(family)) {
        if (target == kUnchecked) { continue; }
        since = std::max(since, judge_.find(numbers_[target])->record().since);
    }
    if (since == TimePoint::min()) { return now; }  // what it depends on decided
    return std::clamp(since, now - std::chrono::hours(24 * 366), now);
}

std::vector<AddressTurn> HealthBook::take_address_turns() {
    return std::exchange(address_turns_, {});
}

std::vector<RegionTurn> HealthBook::take_turns() {
    return std::exchange(turns_, {});
}

/// What takes the region down from outside, or else why the first address that is not up is not.
std::string HealthBook::reason_of(const Place& place) const {
    std::string outside = outside_reason_of(place);
    if (!outside.empty()) { return outside; }
    const PlannedRegion& region = plan_->services()[place.service].regions[place.region];
    for (const std::uint32_t target : region.deciding(place.family)) {
        if (target == kUnchecked) { continue; }
        const VerdictRecord& record = judge_.find(numbers_[target])->record();
        const bool is_up = address_state(record.state) == AddressState::Up;
        if (!is_up && !record.reason.empty()) {
            return plan_->targets()[target].label() + ": " + record.reason;
        }
    }
    return {};
}

}  // namespace meridian::server
