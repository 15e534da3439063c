// Turns the results of checks into verdicts, once it is clear that this server is not blind.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "meridian/ip_address.h"
#include "server/health/blindness.h"
#include "server/health/verdict.h"
#include "server/probing/check_result.h"

namespace meridian::server {

/// Where a target belongs.
struct JudgedPlace {
    FamilySet families;  ///< Of its address; none for a host whose addresses are not known yet.
    std::string region;  ///< Any name of it; blindness is seen in two regions at least.
    /// Whether its results say something of this server's way to it.
    bool shows_the_way = true;
};

/// A result on its way to its verdict.
struct Arrival {
    std::uint64_t target = 0;
    CheckResult result = {};
    std::chrono::steady_clock::time_point began = {};  ///< When the check was sent.
    std::optional<int> certificate_days = {};          ///< Until the first certificate ends.
    /// Of the addresses that were asked, where it was looked up which these are.
    std::optional<FamilySet> families = {};
};

/// Targets whose check was changed together.
using Trial = std::uint64_t;

/// All targets of this server, by numbers that its owner gives them.
///
/// The results of one turn of the event loop come together. They are first looked at for blindness,
/// all of them; only then does one of them count. Signs of blindness that are seen while a family
/// is blind, or whose check began before it could see again, count nowhere; counting starts afresh
/// behind it. Falls that were decided while too few targets had failed for blindness to be seen are
/// taken back when it is.
///
/// A check that has just been changed is on trial until it passes at one of the targets that passed
/// the check before: until then its failures take nothing down, since the check may be what is
/// wrong. Pure: the time is passed in.
class Judge {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    using Target = std::uint64_t;

    /// Replaces the target if it is there; its verdict begins as `verdict`, and its check on trial
    /// where one is given.
    void add(Target target, const JudgedPlace& place, Verdict verdict,
             std::optional<Trial> trial = {});
    void remove(Target target);
    /// Other timing for the same check: what was counted stays.
    void retime(Target target, const zones::HealthTiming& timing);
    /// None of a target that is not there.
    [[nodiscard]] const Verdict* find(Target target) const;
    /// The trial that its check is on, where that has failed often enough at all of its targets.
    [[nodiscard]] std::optional<Trial> failing_trial(Target target) const;
    [[nodiscard]] bool has_trials() const { return !trials_.empty(); }
    /// Whether this server has a way to addresses of the family; else results of these count
    /// nowhere, and none are missed.
    void set_reach(Family family, bool is_reached);
    [[nodiscard]] bool is_reached(Family family) const { return sight(family).is_reached; }

    void set_self_tests(Family family, const std::vector<std::string>& names);
    void note_self_test(Family family, const std::string& name, const CheckResult& result);

    /// Takes the results of a turn, in order. Returns the targets whose state or staleness changed,
    /// each once. Results of targets that are not there are passed over.
    std::vector<Target> take(std::span<const Arrival> arrivals, TimePoint now);
    /// Raises `stale` where it is time. Returns the targets where it was raised.
    std::vector<Target> look(TimePoint now);

    /// Never in a family that it does not reach: there is nothing to see.
    [[nodiscard]] bool is_blind(Family family) const {
        return sight(family).blindness.is_blind() && is_reached(family);
    }

private:
    struct Judged {
        JudgedPlace place;
        Verdict verdict;
        std::optional<Trial> trial;
    };
    struct Sight {
        Blindness blindness;
        TimePoint saw_again = TimePoint::min();  // when it was blind last
        bool is_reached = true;
    };

    [[nodiscard]] Sight& sight(Family family) { return sights_[index_of(family)]; }
    [[nodiscard]] const Sight& sight(Family family) const { return sights_[index_of(family)]; }
    void look_for_blindness(Family family, TimePoint now, std::vector<Target>& changed);
    void begin_to_count(Target target, const Judged& judged);
    bool take_one(const Arrival& arrival, Judged& judged, TimePoint now);
    void watch(Target target, const Judged& judged);
    void unwatch(Target target, const Judged& judged);
    [[nodiscard]] bool is_reached(const Judged& judged) const;
    void end_trial(Trial trial);

    std::unordered_map<Target, Judged> targets_;
    std::map<Trial, std::set<Target>> trials_;
    std::array<Sight, 2> sights_;
};

}  // namespace meridian::server
