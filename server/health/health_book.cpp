// Keeps what is known of all targets, and makes live tables from it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/health_book.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "meridian/zones/model/zone.h"

namespace meridian::server {
namespace {

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

/// Of both families, for hash tables.
struct AddressHash {
    std::size_t operator()(const IpAddress& address) const {
        return static_cast<std::size_t>((address.high() ^ address.low() * 0x9e3779b97f4a7c15) +
                                        (address.low() >> 32));
    }
};

/// Of those that are planned no more: a server has some thousands.
constexpr std::size_t kMostRemembered = 100'000;

/// Whether one of its checks asks something of the address.
bool shows_the_way(const Target& target) {
    return std::ranges::any_of(target.checks, [](const zones::HealthCheck& check) {
        return zones::asks_the_address(check.kind);
    });
}

/// Whether its regions wait for a release when they have fallen.
bool waits_for_release(const PlannedService& service) {
    return service.health != nullptr && service.health->manual_failback;
}

}  // namespace

/// A service of a plan is the one of that name before, if they share an address: zones have
/// services of equal names.
class HealthBook::Joined {
public:
    Joined(const HealthPlan* before, const HealthPlan& next) : next_(next) {
        if (before == nullptr) { return; }
        std::unordered_map<std::string, std::unordered_set<IpAddress, AddressHash>> known;
        for (const PlannedService& service : before->services()) {
            for (const PlannedRegion& region : service.regions) {
                known[service.name].insert(region.region->addresses.begin(),
                                           region.region->addresses.end());
            }
        }
        for (std::uint32_t i = 0; i < next.services().size(); ++i) {
            const PlannedService& service = next.services()[i];
            const auto same = known.find(service.name);
            const bool ran = same != known.end() &&
                             std::ranges::any_of(service.regions, [&](const PlannedRegion& region) {
                                 return std::ranges::any_of(
                                     region.region->addresses, [&](const IpAddress& address) {
                                         return same->second.contains(address);
                                     });
                             });
            if (ran) { ran_before_.insert(i); }
        }
    }

    [[nodiscard]] bool has(std::uint32_t target) const {
        return std::ranges::any_of(next_.services_of(target), [&](std::uint32_t service) {
            return ran_before_.contains(service);
        });
    }

private:
    const HealthPlan& next_;
    std::unordered_set<std::uint32_t> ran_before_;
};

std::shared_ptr<const zones::LiveTable> HealthBook::plan(const zones::Snapshot& snapshot) {
    if (plan_ == nullptr || !plan_->belongs_to(snapshot)) {
        auto next = std::make_shared<const HealthPlan>(snapshot);
        take_over(*next);
        const auto before = std::exchange(plan_, std::move(next));
        take_windows();
        take_over_records(before.get());
        by_hand_ = HandStates(*plan_, overrides_);
        restored_latches_.clear();
    }
    return whole_table();
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

/// A region of a service is the one of that name with the same addresses.
void HealthBook::take_over_records(const HealthPlan* before) {
    std::map<RegionKey, RegionRecord> known;
    for (std::size_t i = 0; i < records_.size(); ++i) {
        const PlannedService& service = before->services()[i];
        for (std::size_t region = 0; region < records_[i].size(); ++region) {
            known.insert_or_assign(key_of(service, service.regions[region]), records_[i][region]);
        }
    }
    records_.clear();
    decided_.assign(plan_->services().size(), {});
    std::set<RegionKey> stays;
    for (const PlannedService& service : plan_->services()) {
        std::vector<RegionRecord>& records = records_.emplace_back();
        for (const PlannedRegion& region : service.regions) {
            const RegionKey key = key_of(service, region);
            const auto found = known.find(key);
            records.push_back(found == known.end() ? first_record(service, region) : found->second);
            if (found != known.end()) { stays.insert(key); }
        }
    }
    for (const auto& [key, record] : known) {
        if (!stays.contains(key)) { note_gone(key, record); }
    }
}

void HealthBook::note_gone(const RegionKey& key, const RegionRecord& record) {
    for (std::size_t family = 0; family < record.rungs.size(); ++family) {
        const zones::Rung rung = record.rungs[family];
        if (rung == zones::Rung::Up || rung == zones::Rung::None) { continue; }
        turns_.push_back({key.service, key.region, key.file, family, zones::Rung::None, {}});
    }
}

HealthBook::RegionKey HealthBook::key_of(const PlannedService& service,
                                         const PlannedRegion& region) {
    return {service.name, region.region->name, region.region->file, region.region->addresses};
}

/// Numbers the targets of the plan that comes, and begins their verdicts.
void HealthBook::take_over(const HealthPlan& next) {
    const Joined joined(plan_.get(), next);
    const std::vector<Judge::Target> old_numbers = std::exchange(numbers_, {});
    std::unordered_multimap<IpAddress, std::uint32_t, AddressHash> old_of_address;
    for (std::uint32_t i = 0; i < old_numbers.size(); ++i) {
        old_of_address.emplace(plan_->targets()[i].address, i);
    }
    for (std::uint32_t i = 0; i < next.targets().size(); ++i) {
        const Target& target = next.targets()[i];
        const auto [first, end] = old_of_address.equal_range(target.address);
        const auto same = std::find_if(
            first, end, [&](const auto& old) { return plan_->targets()[old.second] == target; });
        numbers_.push_back(same != end ? old_numbers[same->second] : ++last_number_);
        if (same != end) { continue; }
        const auto same_check = std::find_if(first, end, [&](const auto& old) {
            const Target& known = plan_->targets()[old.second];
            return known.checks == target.checks && known.need == target.need;
        });
        const auto predecessor = same_check != end ? same_check : first;
        const bool has_predecessor = predecessor != end;
        Verdict verdict = has_predecessor ? *judge_.find(old_numbers[predecessor->second])
                                          : first_verdict(target, joined.has(i));
        if (has_predecessor) { verdict.retime(target.timing); }
        if (has_predecessor && same_check == end) { verdict.start_afresh(); }  // another check
        judge_.add(numbers_[i], {target.address.family(), next.region_of(i), shows_the_way(target)},
                   std::move(verdict));
    }
    take_over_states(next, old_numbers);
}

/// Names what is new and not up, or was not up and is gone.
void HealthBook::take_over_states(const HealthPlan& next,
                                  const std::vector<Judge::Target>& old_numbers) {
    const auto old_indices = std::exchange(indices_, {});
    const std::vector<AddressState> old_states = std::exchange(states_, {});
    for (std::uint32_t i = 0; i < numbers_.size(); ++i) {
        indices_.emplace(numbers_[i], i);
        states_.push_back(address_state(judge_.find(numbers_[i])->state()));
    }
    for (std::uint32_t i = 0; i < old_numbers.size(); ++i) {
        if (indices_.contains(old_numbers[i])) { continue; }
        if (old_states[i] != AddressState::Up) { note_address(*plan_, i, old_numbers[i], "none"); }
        remember(plan_->targets()[i], judge_.find(old_numbers[i])->record());
        judge_.remove(old_numbers[i]);
        certificate_days_.erase(old_numbers[i]);
    }
    for (std::uint32_t i = 0; i < numbers_.size(); ++i) {
        const bool is_new = !old_indices.contains(numbers_[i]);
        if (is_new && states_[i] != AddressState::Up) { note_address(next, i, numbers_[i]); }
    }
}

/// An operator may take a zone away and put it back: what was known of its targets still holds.
void HealthBook::remember(const Target& target, const VerdictRecord& record) {
    if (record.state == TargetState::Unknown || record.state == TargetState::Pending) { return; }
    if (!record.last_result) { return; }  // what was remembered before says when there was one
    if (remembered_.size() >= kMostRemembered) { remembered_.clear(); }
    remembered_.insert_or_assign(digest_of(target), record);
}

Verdict HealthBook::first_verdict(const Target& target, bool has_joined) const {
    const TimePoint now = clock_.steady();
    const auto known = remembered_.find(digest_of(target));
    const bool is_recent = known != remembered_.end() &&
                           now - known->second.last_result.value_or(now) <= kVerdictsHold;
    if (is_recent) { return Verdict::saved(target.timing, known->second, now); }
    return has_joined ? Verdict::pending(target.timing, now) : Verdict::unknown(target.timing, now);
}

void HealthBook::restore(const std::vector<SavedVerdict>& verdicts) {
    for (const SavedVerdict& verdict : verdicts) {
        auto record = server::restore(verdict, clock_);
        if (record) { remembered_.insert_or_assign(verdict.target, std::move(*record)); }
        if (verdict.is_latched) { restored_latches_.insert(verdict.target); }
    }
}

std::vector<SavedVerdict> HealthBook::verdicts() const {
    std::vector<SavedVerdict> verdicts;
    const std::set<std::uint32_t> latched = latched_targets();
    for (std::uint32_t i = 0; i < numbers_.size(); ++i) {
        const VerdictRecord& record = judge_.find(numbers_[i])->record();
        const bool is_latched = latched.contains(i);
        if (record.state == TargetState::Unknown && !is_latched) { continue; }
        verdicts.push_back(save(plan_->targets()[i], record, clock_));
        verdicts.back().is_latched = is_latched;
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
        if (arrival.certificate_days && indices_.contains(arrival.target)) {
            certificate_days_.insert_or_assign(arrival.target, *arrival.certificate_days);
        }
    }
    note(judge_.take(arrivals, clock_.steady()));
    return !changed_services_.empty();
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
        if (std::exchange(states_[target], state) == state) { continue; }
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
    address_turns_.push_back({.address = planned.address.to_string(),
                              .check = digest_of(planned).to_text(),
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
            std::ranges::any_of(region.targets[family], [&](std::uint32_t target) {
                return target != kUnchecked &&
                       restored_latches_.contains(digest_of(plan_->targets()[target]));
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
            const bool has_fallen =
                record.rungs[family] == zones::Rung::Up &&
                (rung == zones::Rung::BelowMinimum || rung == zones::Rung::Down);
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
    for (const std::uint32_t target : region.targets[family]) {
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
    for (const std::uint32_t target : region.targets[place.family]) {
        if (target == kUnchecked) { continue; }
        const VerdictRecord& record = judge_.find(numbers_[target])->record();
        const bool is_up = address_state(record.state) == AddressState::Up;
        if (!is_up && !record.reason.empty()) {
            return plan_->targets()[target].address.to_string() + ": " + record.reason;
        }
    }
    return {};
}

}  // namespace meridian::server
