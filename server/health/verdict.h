// Decides from the results of its checks whether one target is up.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "meridian/zones/model/health.h"
#include "server/probing/check_result.h"

namespace meridian::server {

enum class TargetState : std::uint8_t {
    Unknown,  ///< No verdict yet: counts as up, and the first result decides.
    Pending,  ///< New in a service that runs: no clients until it has passed once.
    Up,
    Down,
};

/// Falls this close together double the time that a target stays down.
constexpr std::chrono::minutes kFallsTogether{10};
/// The longest time down that doubling leads to.
constexpr std::chrono::minutes kLongestHold{10};

/// What is known of one target: what `status` shows, and what is saved across a restart.
struct VerdictRecord {
    using TimePoint = std::chrono::steady_clock::time_point;

    TargetState state = TargetState::Unknown;
    TimePoint since = {};         ///< When the state began.
    std::uint32_t successes = 0;  ///< In a row; one of the two is 0.
    std::uint32_t failures = 0;   ///< In a row.
    std::string reason = {};      ///< Of the last failure that counted; empty: there was none.
    std::optional<TimePoint> last_result = {};
    std::optional<TimePoint> last_fall = {};
    std::chrono::milliseconds hold{0};  ///< Shortest time down of the last fall.
    bool stale = false;                 ///< No result has come for long; the state is an old one.

    /// Not up again before; none where it never fell.
    [[nodiscard]] std::optional<TimePoint> hold_until() const {
        return last_fall ? std::optional(*last_fall + hold) : std::nullopt;
    }
};

/// The state of one target.
///
/// `fall` failures in a row are a fall, which nothing delays. `rise` successes in a row bring it up
/// again, but not before the hold of that fall is over. The hold doubles with each fall within ten
/// minutes of the one before (within twice its hold where that is longer, else long holds would be
/// forgotten), up to ten minutes. Pure: the time is passed in. The caller keeps back
/// results that are none, such as late ones; then the state stays, and `stale` is raised.
class Verdict {
public:
    using TimePoint = VerdictRecord::TimePoint;

    /// Without a verdict, at a start: the first result decides at once.
    static Verdict unknown(const zones::HealthTiming& timing, TimePoint now);
    /// For a target that joins a service that runs.
    static Verdict pending(const zones::HealthTiming& timing, TimePoint now);
    /// Goes on from what was saved: it holds until counted results change it.
    static Verdict saved(const zones::HealthTiming& timing, VerdictRecord record, TimePoint now);

    /// Takes the next result. Returns whether state or staleness changed.
    bool take(const CheckResult& result, TimePoint now);
    /// Takes a result that counts nowhere (seen while this server was blind): it is alive, no more.
    bool pass_over(TimePoint now);
    /// Raises `stale` when no result came for two periods and a timeout. Returns whether it
    /// changed.
    bool look(TimePoint now);
    /// When `look` has something to raise, if no result comes.
    [[nodiscard]] TimePoint stale_at() const;

    /// Forgets what was counted in a row: behind blindness, or since the check has changed.
    void start_afresh();
    /// While its check is on trial, failures count and take nothing down.
    void put_on_trial(bool is_on_trial) { is_on_trial_ = is_on_trial; }
    /// Goes on with other numbers; what was counted stays.
    void retime(const zones::HealthTiming& timing) { timing_ = timing; }
    /// Undoes a fall of the last two periods that rests on signs of blindness alone, since this
    /// server has turned out to be blind. Returns whether there was one.
    bool take_back_fall(TimePoint now);

    [[nodiscard]] bool is_on_trial() const { return is_on_trial_; }
    [[nodiscard]] const VerdictRecord& record() const { return record_; }
    [[nodiscard]] TargetState state() const { return record_.state; }
    [[nodiscard]] const zones::HealthTiming& timing() const { return timing_; }

private:
    /// What `take_back_fall` restores.
    struct BeforeFall {
        TargetState state;
        TimePoint since;
        std::optional<TimePoint> last_fall;
        std::chrono::milliseconds hold;
    };

    Verdict(const zones::HealthTiming& timing, VerdictRecord record, TimePoint now);
    bool take_success(TimePoint now);
    bool take_failure(const CheckResult& result, TimePoint now);
    void fall(TimePoint now);
    void enter(TargetState state, TimePoint now);
    bool note_result(TimePoint now);
    [[nodiscard]] std::chrono::milliseconds next_hold(TimePoint now) const;
    [[nodiscard]] std::chrono::milliseconds window() const {
        return 2 * timing_.every + timing_.timeout;
    }

    zones::HealthTiming timing_;
    VerdictRecord record_;
    TimePoint watched_since_;
    bool only_signs_ = true;  // in the failures counted
    bool is_on_trial_ = false;
    std::optional<BeforeFall> before_fall_;
};

}  // namespace meridian::server
