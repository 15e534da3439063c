// Keeps what is known of all targets, and makes live tables from it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "meridian/clock.h"
#include "meridian/zones/live_table.h"
#include "meridian/zones/serving.h"
#include "meridian/zones/snapshot.h"
#include "server/health/hand_states.h"
#include "server/health/health_plan.h"
#include "server/health/health_status.h"
#include "server/health/judge.h"
#include "server/health/override_preview.h"
#include "server/health/overrides.h"
#include "server/health/region_states.h"
#include "server/health/saved_verdict.h"

namespace meridian::server {

/// What a verdict means for the regions of its address.
AddressState address_state(TargetState state);

/// For one thread at a time. Opens no socket and reads no clock but the one it was given.
class HealthBook {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// A target with the number that it keeps for as long as it is planned.
    struct NumberedTarget {
        Judge::Target number = 0;
        Target target;
    };

    /// An address that is checked for the sake of this server's own way.
    struct SelfTest {
        Family family;
        std::string name;
    };

    explicit HealthBook(const Clock& clock) : clock_(clock) {}

    /// Plans for a snapshot, and makes its live table. Targets that it still has keep what is known
    /// of them, also where their timing changes; one whose check changes keeps its verdict, and if
    /// it is up the check is on trial, together with those that were changed alike. A new
    /// one is pending where its service was planned before, and else counts as up.
    std::shared_ptr<const zones::LiveTable> plan(const zones::Snapshot& snapshot);

    /// In the order of the plan.
    [[nodiscard]] std::vector<NumberedTarget> targets() const;

    /// Addresses beyond the uplink, as "192.0.2.1:53"; while one of a family answers, this server
    /// is not blind in it. What came of them counts when results are taken next.
    void set_self_tests(const std::vector<SelfTest>& tests);
    void note_self_test(std::size_t number, const CheckResult& result);

    /// The latest check of the target had no result, for that reason: the next that has one ends
    /// it.
    void note_none(Judge::Target target, const std::string& why);
    /// Whether this server has a way to addresses of the family. What it does not reach is not
    /// asked, and follows the other family of its region. Returns whether a live table follows.
    bool set_reach(Family family, bool is_reached);
    [[nodiscard]] bool is_reached(Family family) const { return judge_.is_reached(family); }
    /// Whether a check was changed, and has not passed since where the one before did.
    [[nodiscard]] bool has_trials() const { return judge_.has_trials(); }

    /// Takes results, or looks for targets without any. Returns whether a live table follows.
    bool take(std::span<const Arrival> arrivals);
    bool look();

    /// The live table after what `take` and `look` changed; null where nothing did, or where the
    /// snapshot is not the one that was planned for last.
    std::shared_ptr<const zones::LiveTable> next_live(const zones::Serving& serving);
    /// Regions that came to stand on another rung since the last call.
    [[nodiscard]] std::vector<RegionTurn> take_turns();
    /// The same of addresses, also of those that are checked no more and were not up; but not of
    /// those that were found up at first.
    [[nodiscard]] std::vector<AddressTurn> take_address_turns();

    /// Replaces what operators set by hand; `next_live` then has all of it at once. An address that
    /// was taken out until now, and whose last results are not `rise` successes in a row, is down
    /// until they are.
    void set_overrides(std::vector<Override> overrides);
    /// Replaces those of the file, and says what that changes.
    FileChange set_file_overrides(std::vector<Override> of_file);
    /// Ends what has come to its end, and begins windows of regions.
    FileChange keep_time();
    /// What edits did to windows that hold since the last call.
    FileChange take_window_edits() { return std::exchange(window_edits_, {}); }
    [[nodiscard]] BootEnd since_boot() const { return end_time(clock_).since_boot; }
    [[nodiscard]] const std::vector<Override>& overrides() const { return overrides_; }
    /// Planned maintenance that is not over, the soonest first.
    [[nodiscard]] const std::vector<Override>& windows() const { return windows_; }
    [[nodiscard]] OverridePreview preview(const std::vector<Override>& next,
                                          const OverrideTarget& target) const;
    /// Lets regions come back that fell and wait for that (`failback = "manual"`); only counts them
    /// in a dry run. A region counts once a family.
    std::size_t release_latched(const OverrideTarget& target, bool is_dry_run);
    /// Null before the first plan.
    [[nodiscard]] const HealthPlan* planned() const { return plan_.get(); }

    /// What an earlier process knew, before the first plan. What is too old does not count.
    void restore(const std::vector<SavedVerdict>& verdicts);
    /// For the next process: of the targets that have a verdict.
    [[nodiscard]] std::vector<SavedVerdict> verdicts() const;

    [[nodiscard]] HealthStatus status() const;
    /// Those of the status alone.
    [[nodiscard]] std::set<ServiceAlarm> alarms() const;
    [[nodiscard]] bool is_blind(Family family) const { return judge_.is_blind(family); }

private:
    /// A region of a service across plans.
    struct RegionKey {
        std::string service;
        std::string region;
        std::string file;
        std::vector<IpAddress> addresses;  // services of several zones may have one name
        std::vector<std::string> others;   // likewise, where there are none
        auto operator<=>(const RegionKey&) const = default;
    };
    struct RegionRecord {
        std::array<zones::Rung, 2> rungs{zones::Rung::None, zones::Rung::None};
        std::array<TimePoint, 2> since{};
        /// It fell, and waits to be released (`failback = "manual"`).
        std::array<bool, 2> is_latched{};
    };

    /// A family of a region of a service of the plan.
    struct Place {
        std::uint32_t service = 0;
        std::size_t region = 0;
        std::size_t family = 0;
    };

    /// Which targets of a plan joined a service that ran before.
    class Joined;

    /// Targets of a plan whose checks have changed alike.
    class Trials;

    static JudgedPlace place_of(const HealthPlan& plan, std::uint32_t target);
    [[nodiscard]] bool has_failing_check(const PlannedService& service) const;
    static RegionKey key_of(const PlannedService& service, const PlannedRegion& region);
    void take_over(const HealthPlan& next);
    void take_over_states(const HealthPlan& next, const std::vector<Judge::Target>& old_numbers);
    void remember(const Target& target, const VerdictRecord& record);
    [[nodiscard]] Verdict first_verdict(const Target& target, bool has_joined) const;
    void take_over_records(const HealthPlan* before);
    void note_gone(const RegionKey& key, const RegionRecord& record);
    /// Appends the state of the service's regions, and notes the rungs that they come to stand on.
    void add_changes(std::uint32_t service, std::vector<zones::LiveChange>& all);
    /// The same for all services.
    [[nodiscard]] std::shared_ptr<const zones::LiveTable> whole_table();
    /// Doubts the addresses of a service that are taken out no more.
    void doubt_returned(std::uint32_t service, std::span<const HandState> before);
    void doubt(std::uint32_t target);
    [[nodiscard]] bool waits_anywhere(const HitRegion& hit, const OverrideTarget& target) const;
    void add_unchecked(HealthStatus& status) const;
    [[nodiscard]] std::vector<zones::LiveChange> changes_of(const HandledService& handled) const;
    /// Takes the windows of the plan. Those that hold by now do so at once.
    void take_windows();
    void begin_windows(std::vector<Override>& overrides, FileChange& change) const;
    void add_planned(HealthStatus& status) const;
    [[nodiscard]] bool is_up(std::size_t service, std::size_t region) const;
    void note(const std::vector<Judge::Target>& targets);
    /// Of a target of the plan; `state` is empty where it is that of its verdict.
    void note_address(const HealthPlan& plan, std::uint32_t target, Judge::Target number,
                      std::string_view state = {});
    void note_rung(const Place& place, zones::Rung rung, RegionRecord& record);
    [[nodiscard]] TimePoint first_since(const PlannedRegion& region, std::size_t family,
                                        zones::Rung rung, const std::string& service) const;
    [[nodiscard]] RegionRecord first_record(const PlannedService& service,
                                            const PlannedRegion& region) const;
    [[nodiscard]] std::set<std::uint32_t> latched_targets() const;
    [[nodiscard]] std::string outside_reason_of(const Place& place) const;
    [[nodiscard]] std::string reason_of(const Place& place) const;
    [[nodiscard]] RegionHealth health_of(std::uint32_t service, std::size_t region) const;
    [[nodiscard]] AddressHealth health_of(std::uint32_t target) const;
    [[nodiscard]] std::int64_t date_of(TimePoint when) const;

    const Clock& clock_;
    Judge judge_;
    std::vector<SelfTestHealth> self_tests_;
    std::shared_ptr<const HealthPlan> plan_;
    std::vector<Judge::Target> numbers_;  // of the plan's targets
    AddressStates states_;                // likewise
    std::unordered_map<Judge::Target, std::uint32_t> indices_;
    std::unordered_map<Judge::Target, int> certificate_days_;  // where a check has seen one
    std::unordered_map<Judge::Target, std::string> why_none_;  // where there was no result
    Judge::Target last_number_ = 0;
    Trial last_trial_ = 0;
    std::set<std::uint32_t> changed_services_;
    std::vector<Override> overrides_;
    std::vector<Override> windows_;  // of the plan, those that are over not included, soonest first
    FileChange window_edits_;
    bool has_windows_ = false;                             // those of a first plan
    HandStates by_hand_;                                   // of the plan
    bool is_all_new_ = false;                              // by other overrides
    std::vector<std::vector<RegionRecord>> records_;       // by service of the plan, then by region
    std::vector<std::vector<zones::LiveChange>> decided_;  // likewise: as in the live table
    std::vector<RegionTurn> turns_;
    std::vector<AddressTurn> address_turns_;
    /// Of targets that are not planned now: an earlier process knew them, or an earlier plan.
    std::map<Digest, VerdictRecord> remembered_;
    std::set<Digest> restored_latches_;
    std::set<Digest> restored_trials_;
};

}  // namespace meridian::server
