// Takes over what is known of targets and regions from one plan to the next.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "meridian/zones/model/zone.h"
#include "server/health/health_book.h"

namespace meridian::server {
namespace {

/// Of both families, for hash tables.
struct AddressHash {
    std::size_t operator()(const IpAddress& address) const {
        return static_cast<std::size_t>((address.high() ^ address.low() * 0x9e3779b97f4a7c15) +
                                        (address.low() >> 32));
    }
};

using TargetsOfAddress = std::unordered_multimap<IpAddress, std::uint32_t, AddressHash>;

TargetsOfAddress targets_of_address(const HealthPlan& plan) {
    TargetsOfAddress targets;
    for (std::uint32_t i = 0; i < plan.targets().size(); ++i) {
        targets.emplace(plan.targets()[i].address, i);
    }
    return targets;
}

/// Finds the target that a service asked at an address before its check was changed. Other services
/// may check that address, too: what they found out is about their own checks.
class ChangedChecks {
public:
    ChangedChecks(const HealthPlan& before, const HealthPlan& next)
        : before_(before),
          next_(next),
          next_targets_(targets_of_address(next)),
          askers_before_(askers_of(before)),
          askers_(askers_of(next)) {}

    /// `first` to `end` are the targets of that address before; `end` where none of them is it.
    TargetsOfAddress::const_iterator find(std::uint32_t target,
                                          TargetsOfAddress::const_iterator first,
                                          TargetsOfAddress::const_iterator end) const {
        auto found = end;
        for (auto old = first; old != end; ++old) {
            if (!may_have_become(old->second, target)) { continue; }
            // Zones that share regions have services of equal names: whose check is as it was goes
            // on asking.
            if (!is_asked_still(before_.targets()[old->second])) { return old; }
            if (found == end) { found = old; }
        }
        return found;
    }

private:
    /// By target: the names of services, and the files that define the regions.
    using Askers = std::vector<std::set<std::pair<std::string_view, std::string_view>>>;

    static Askers askers_of(const HealthPlan& plan) {
        Askers askers(plan.targets().size());
        for (const PlannedService& service : plan.services()) {
            for (const PlannedRegion& region : service.regions) {
                for (const auto* targets :
                     {&region.targets[0], &region.targets[1], &region.probes}) {
                    for (const std::uint32_t target : *targets) {
                        if (target == kUnchecked) { continue; }
                        askers[target].emplace(service.name, region.region->file);
                    }
                }
            }
        }
        return askers;
    }

    [[nodiscard]] bool may_have_become(std::uint32_t old, std::uint32_t target) const {
        return before_.targets()[old].host_name == next_.targets()[target].host_name &&
               std::ranges::any_of(askers_[target], [&](const auto& asker) {
                   return askers_before_[old].contains(asker);
               });
    }

    [[nodiscard]] bool is_asked_still(const Target& old) const {
        const auto [first, end] = next_targets_.equal_range(old.address);
        return std::any_of(
            first, end, [&](const auto& target) { return next_.targets()[target.second] == old; });
    }

    const HealthPlan& before_;
    const HealthPlan& next_;
    const TargetsOfAddress next_targets_;
    const Askers askers_before_;
    const Askers askers_;
};

/// Of those that are planned no more: a server has some thousands.
constexpr std::size_t kMostRemembered = 100'000;

/// Whether one of its checks asks something of the address.
bool shows_the_way(const Target& target) {
    return std::ranges::any_of(target.checks, [](const zones::HealthCheck& check) {
        return zones::asks_the_address(check.kind);
    });
}

/// What a region without addresses is known by: where its names lead, or what is checked there.
std::vector<std::string> others_of(const PlannedRegion& planned) {
    const zones::Region& region = *planned.region;
    std::vector<std::string> others;
    if (!region.addresses.empty()) { return others; }
    if (region.target) { return {region.target->to_text()}; }
    for (const zones::ProbePoint& probe : region.probes) {
        others.push_back(probe.to_text());
    }
    return others;
}

}  // namespace

/// A service of a plan is the one of that name before, if they share an address, or what
/// stands for that: zones have services of equal names.
class HealthBook::Joined {
public:
    Joined(const HealthPlan* before, const HealthPlan& next) : next_(next) {
        if (before == nullptr) { return; }
        std::unordered_map<std::string, std::unordered_set<IpAddress, AddressHash>> known;
        std::set<std::pair<std::string, std::string>> known_others;
        for (const PlannedService& service : before->services()) {
            for (const PlannedRegion& region : service.regions) {
                known[service.name].insert(region.region->addresses.begin(),
                                           region.region->addresses.end());
                for (const std::string& other : others_of(region)) {
                    known_others.emplace(service.name, other);
                }
            }
        }
        for (std::uint32_t i = 0; i < next.services().size(); ++i) {
            const PlannedService& service = next.services()[i];
            const auto same = known.find(service.name);
            if (same == known.end()) { continue; }
            const bool ran = std::ranges::any_of(service.regions, [&](const PlannedRegion& region) {
                const auto is_other = [&](const std::string& other) {
                    return known_others.contains({service.name, other});
                };
                return std::ranges::any_of(region.region->addresses,
                                           [&](const IpAddress& address) {
                                               return same->second.contains(address);
                                           }) ||
                       std::ranges::any_of(others_of(region), is_other);
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
        restored_trials_.clear();
    }
    return whole_table();
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
    return {service.name, region.region->name, region.region->file, region.region->addresses,
            others_of(region)};
}

JudgedPlace HealthBook::place_of(const HealthPlan& plan, std::uint32_t target) {
    const Target& planned = plan.targets()[target];
    return {.families = planned.host_name.empty() ? only(planned.address.family()) : FamilySet{},
            .region = plan.region_of(target),
            .shows_the_way = shows_the_way(planned)};
}

class HealthBook::Trials {
public:
    explicit Trials(Trial& last) : last_(last) {}

    Trial of(const Target& target) {
        for (const auto& [other, trial] : known_) {
            if (other->checks == target.checks && other->need == target.need) { return trial; }
        }
        known_.emplace_back(&target, ++last_);
        return last_;
    }

private:
    Trial& last_;
    std::vector<std::pair<const Target*, Trial>> known_;  // few that differ
};

/// Numbers the targets of the plan that comes, and begins their verdicts.
void HealthBook::take_over(const HealthPlan& next) {
    const Joined joined(plan_.get(), next);
    std::optional<ChangedChecks> changed_checks;  // made for the first one
    Trials trials(last_trial_);
    const std::vector<Judge::Target> old_numbers = std::exchange(numbers_, {});
    const TargetsOfAddress old_of_address =
        plan_ == nullptr ? TargetsOfAddress() : targets_of_address(*plan_);
    for (std::uint32_t i = 0; i < next.targets().size(); ++i) {
        const Target& target = next.targets()[i];
        const auto [first, end] = old_of_address.equal_range(target.address);
        const auto same = std::find_if(
            first, end, [&](const auto& old) { return plan_->targets()[old.second] == target; });
        numbers_.push_back(same != end ? old_numbers[same->second] : ++last_number_);
        if (same != end) { continue; }
        const auto same_check = std::find_if(first, end, [&](const auto& old) {
            const Target& known = plan_->targets()[old.second];
            return known.host_name == target.host_name && known.checks == target.checks &&
                   known.need == target.need;
        });
        auto predecessor = same_check;
        if (same_check == end && first != end) {
            if (!changed_checks) { changed_checks.emplace(*plan_, next); }
            predecessor = changed_checks->find(i, first, end);
        }
        const bool has_predecessor = predecessor != end;
        Verdict verdict = has_predecessor ? *judge_.find(old_numbers[predecessor->second])
                                          : first_verdict(target, joined.has(i));
        const bool is_other_check = has_predecessor && same_check == end;
        const bool was_on_trial = verdict.is_on_trial();
        verdict.put_on_trial(false);
        if (has_predecessor) { verdict.retime(target.timing); }
        if (is_other_check) { verdict.start_afresh(); }
        std::optional<Trial> trial;
        const bool is_restored_trial = !has_predecessor && !restored_trials_.empty() &&
                                       restored_trials_.contains(target_digest(target));
        if (was_on_trial || is_restored_trial ||
            (is_other_check && verdict.state() == TargetState::Up)) {
            trial = trials.of(target);
        }
        judge_.add(numbers_[i], place_of(next, i), std::move(verdict), trial);
    }
    take_over_states(next, old_numbers);
}

/// Names what is new and not up, or was not up and is gone.
void HealthBook::take_over_states(const HealthPlan& next,
                                  const std::vector<Judge::Target>& old_numbers) {
    const auto old_indices = std::exchange(indices_, {});
    const std::vector<AddressState> old_states = std::exchange(states_.of_targets, {});
    for (std::uint32_t i = 0; i < numbers_.size(); ++i) {
        indices_.emplace(numbers_[i], i);
        states_.of_targets.push_back(address_state(judge_.find(numbers_[i])->state()));
    }
    for (std::uint32_t i = 0; i < old_numbers.size(); ++i) {
        if (indices_.contains(old_numbers[i])) { continue; }
        if (old_states[i] != AddressState::Up) { note_address(*plan_, i, old_numbers[i], "none"); }
        remember(plan_->targets()[i], judge_.find(old_numbers[i])->record());
        judge_.remove(old_numbers[i]);
        certificate_days_.erase(old_numbers[i]);
        why_none_.erase(old_numbers[i]);
    }
    for (std::uint32_t i = 0; i < numbers_.size(); ++i) {
        const bool is_new = !old_indices.contains(numbers_[i]);
        if (is_new && states_.of(i) != AddressState::Up) { note_address(next, i, numbers_[i]); }
    }
}

/// An operator may take a zone away and put it back: what was known of its targets still holds.
void HealthBook::remember(const Target& target, const VerdictRecord& record) {
    if (record.state == TargetState::Unknown || record.state == TargetState::Pending) { return; }
    if (!record.last_result) { return; }  // what was remembered before says when there was one
    if (remembered_.size() >= kMostRemembered) { remembered_.clear(); }
    remembered_.insert_or_assign(target_digest(target), record);
}

Verdict HealthBook::first_verdict(const Target& target, bool has_joined) const {
    const TimePoint now = clock_.steady();
    const auto known = remembered_.find(target_digest(target));
    const bool is_recent = known != remembered_.end() &&
                           now - known->second.last_result.value_or(now) <= kVerdictsHold;
    if (is_recent) { return Verdict::saved(target.timing, known->second, now); }
    return has_joined ? Verdict::pending(target.timing, now) : Verdict::unknown(target.timing, now);
}

void HealthBook::restore(const std::vector<SavedVerdict>& verdicts) {
    for (const SavedVerdict& verdict : verdicts) {
        auto record = server::restore(verdict, clock_);
        if (verdict.is_latched) { restored_latches_.insert(verdict.target); }
        if (!record) { continue; }
        remembered_.insert_or_assign(verdict.target, std::move(*record));
        if (verdict.is_on_trial) { restored_trials_.insert(verdict.target); }
    }
}

}  // namespace meridian::server
