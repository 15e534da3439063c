// Turns the results of checks into verdicts, once it is clear that this server is not blind.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
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
    Family family;
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
};

/// All targets of this server, by numbers that its owner gives them.
///
/// The results of one turn of the event loop come together. They are first looked at for blindness,
/// all of them; only then does one of them count. Signs of blindness that are seen while a family
/// is blind, or whose check began before it could see again, count nowhere; counting starts afresh
/// behind it. Falls that were decided while too few targets had failed for blindness to be seen are
/// taken back when it is. Pure: the time is passed in.
class Judge {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    using Target = std::uint64_t;

    /// Replaces the target if it is there; its verdict begins as `verdict`.
    void add(Target target, const JudgedPlace& place, Verdict verdict);
    void remove(Target target);
    /// Other timing for the same check: what was counted stays.
    void retime(Target target, const zones::HealthTiming& timing);
    /// None of a target that is not there.
    [[nodiscard]] const Verdict* find(Target target) const;

    void set_self_tests(Family family, const std::vector<std::string>& names);
    void note_self_test(Family family, const std::string& name, const CheckResult& result);

    /// Takes the results of a turn, in order. Returns the targets whose state or staleness changed,
    /// each once. Results of targets that are not there are passed over.
    std::vector<Target> take(std::span<const Arrival> arrivals, TimePoint now);
    /// Raises `stale` where it is time. Returns the targets where it was raised.
    std::vector<Target> look(TimePoint now);

    [[nodiscard]] bool is_blind(Family family) const { return sight(family).blindness.is_blind(); }
    /// Whether this server has no route in the family to any of its targets.
    [[nodiscard]] bool has_no_route(Family family) const {
        return sight(family).blindness.has_no_route();
    }

private:
    struct Judged {
        JudgedPlace place;
        Verdict verdict;
    };
    struct Sight {
        Blindness blindness;
        TimePoint saw_again = TimePoint::min();  // when it was blind last
    };

    [[nodiscard]] Sight& sight(Family family) { return sights_[family == Family::V4 ? 0 : 1]; }
    [[nodiscard]] const Sight& sight(Family family) const {
        return sights_[family == Family::V4 ? 0 : 1];
    }
    void look_for_blindness(Family family, TimePoint now, std::vector<Target>& changed);
    void begin_to_count(Target target, const Judged& judged);
    bool take_one(const Arrival& arrival, Judged& judged, TimePoint now);

    std::unordered_map<Target, Judged> targets_;
    std::array<Sight, 2> sights_;
};

}  // namespace meridian::server
