// Knows when each target is to be probed next, spread so that they do not come together.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace meridian::server {

/// The first probe of a target comes at random within one period, the others a period later each.
/// Where the loop was late, the probes that it missed are not made up for: they would come all at
/// once, and what is sent late is no result. They are spread anew. Pure: the time is passed in.
class ProbeSchedule {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    using Number = std::uint64_t;

    explicit ProbeSchedule(std::uint64_t seed) : random_(seed) {}

    void add(Number target, std::chrono::milliseconds every, TimePoint now);
    void remove(Number target);

    struct Due {
        Number target;
        bool is_late;  ///< Not to be probed this time.
    };
    /// What is due, the earliest first. Each is due again a period later.
    std::vector<Due> take_due(TimePoint now);
    /// When the next one is due; none where there is no target.
    [[nodiscard]] std::optional<TimePoint> next() const;
    [[nodiscard]] std::optional<TimePoint> next_of(Number target) const;

private:
    struct Target {
        std::chrono::milliseconds every;
        TimePoint due;
    };
    TimePoint within(std::chrono::milliseconds every, TimePoint now);

    std::mt19937_64 random_;
    std::unordered_map<Number, Target> targets_;
    std::set<std::pair<TimePoint, Number>> queue_;
};

}  // namespace meridian::server
