// Checks when a target falls, when it comes back, and what is kept meanwhile.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/verdict.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/server/health/set_time.h"

namespace meridian::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::at;
using test::fail;
using test::pass;

const zones::HealthTiming kTiming{};  // every 5 s, timeout 3 s, fall 3, rise 2, hold 30 s

Verdict one_that_is_up(const zones::HealthTiming& timing = kTiming) {
    Verdict verdict = Verdict::unknown(timing, at(0));
    verdict.take(pass(), at(0));
    return verdict;
}

/// One that fell at `when`.
Verdict one_that_fell(double when, const zones::HealthTiming& timing = kTiming) {
    Verdict verdict = one_that_is_up(timing);
    for (std::uint16_t failure = 0; failure < timing.fall; ++failure) {
        verdict.take(fail(), at(when));
    }
    return verdict;
}

TEST(Verdict, FallsAtTheThirdFailureInARow) {
    Verdict verdict = one_that_is_up();
    EXPECT_FALSE(verdict.take(fail(), at(5)));
    EXPECT_FALSE(verdict.take(fail(), at(10)));
    EXPECT_EQ(verdict.state(), TargetState::Up);
    EXPECT_TRUE(verdict.take(fail(FailureKind::BadStatus, "503"), at(15)));
    EXPECT_EQ(verdict.state(), TargetState::Down);
    EXPECT_EQ(verdict.record().since, at(15));
    EXPECT_EQ(verdict.record().reason, "503");
    EXPECT_EQ(verdict.record().failures, 3u);
    EXPECT_EQ(verdict.record().last_result, at(15));
}

TEST(Verdict, CountsFailuresInARowOnly) {
    Verdict verdict = one_that_is_up();
    for (int round = 0; round < 10; ++round) {
        verdict.take(fail(), at(round));
        verdict.take(fail(), at(round));
        verdict.take(pass(), at(round));
        EXPECT_EQ(verdict.record().failures, 0u);
    }
    EXPECT_EQ(verdict.state(), TargetState::Up);
}

TEST(Verdict, ComesBackAfterTwoSuccessesInARowOnceTheHoldIsOver) {
    Verdict verdict = one_that_fell(100);
    EXPECT_EQ(verdict.record().hold_until(), at(130));
    verdict.take(pass(), at(105));
    verdict.take(pass(), at(110));
    verdict.take(pass(), at(129.999));
    EXPECT_EQ(verdict.state(), TargetState::Down);
    EXPECT_TRUE(verdict.take(pass(), at(130)));
    EXPECT_EQ(verdict.state(), TargetState::Up);
    EXPECT_EQ(verdict.record().since, at(130));
}

TEST(Verdict, NeedsTwoSuccessesInARowLongAfterTheHoldToo) {
    Verdict verdict = one_that_fell(100);
    verdict.take(pass(), at(1000));
    verdict.take(fail(), at(1005));
    verdict.take(pass(), at(1010));
    EXPECT_EQ(verdict.state(), TargetState::Down);
    verdict.take(pass(), at(1015));
    EXPECT_EQ(verdict.state(), TargetState::Up);
}

TEST(Verdict, DoublesTheHoldWithEachFallWithinTenMinutesUpToTen) {
    const zones::HealthTiming timing{.fall = 1, .rise = 1};
    Verdict verdict = one_that_is_up(timing);
    double now = 1000;
    std::vector<std::int64_t> holds;
    for (int round = 0; round < 8; ++round) {  // each fall right behind the return
        verdict.take(fail(), at(now));
        holds.push_back(verdict.record().hold.count() / 1000);
        now += static_cast<double>(holds.back());
        verdict.take(pass(), at(now));
        ASSERT_EQ(verdict.state(), TargetState::Up) << round;
        now += 1;
    }
    EXPECT_EQ(holds, (std::vector<std::int64_t>{30, 60, 120, 240, 480, 600, 600, 600}));
}

TEST(Verdict, ForgetsTheDoublingAfterTenMinutesWithoutAFall) {
    const zones::HealthTiming timing{.fall = 1, .rise = 1};
    Verdict late = one_that_fell(0, timing);
    late.take(pass(), at(30));
    Verdict in_time = late;
    in_time.take(fail(), at(600));
    EXPECT_EQ(in_time.record().hold, seconds(60));
    late.take(fail(), at(600.001));
    EXPECT_EQ(late.record().hold, seconds(30));
}

TEST(Verdict, KeepsALongHoldOfTheOperatorAsItIs) {
    const zones::HealthTiming timing{.fall = 1, .rise = 1, .hold = std::chrono::hours(1)};
    Verdict verdict = one_that_fell(0, timing);
    verdict.take(pass(), at(3600));
    verdict.take(fail(), at(3605));
    EXPECT_EQ(verdict.record().hold, std::chrono::hours(1));
}

TEST(Verdict, NeverDelaysAFallOfOneThatJustCameBack) {
    Verdict verdict = one_that_fell(0);
    verdict.take(pass(), at(40));
    verdict.take(pass(), at(45));
    ASSERT_EQ(verdict.state(), TargetState::Up);
    for (const double now : {50, 55, 60}) {
        verdict.take(fail(), at(now));
    }
    EXPECT_EQ(verdict.state(), TargetState::Down);
}

TEST(Verdict, OfAStartIsTheFirstResult) {
    Verdict good = Verdict::unknown(kTiming, at(0));
    Verdict bad = good;
    EXPECT_EQ(good.state(), TargetState::Unknown);
    EXPECT_TRUE(good.take(pass(), at(1)));
    EXPECT_EQ(good.state(), TargetState::Up);
    EXPECT_TRUE(bad.take(fail(), at(1)));
    EXPECT_EQ(bad.state(), TargetState::Down);
}

TEST(Verdict, ThatWasSavedHoldsUntilCountedResultsChangeIt) {
    VerdictRecord record;
    record.state = TargetState::Up;
    record.since = at(-500);
    record.failures = 2;  // of the process before: nothing counts that it saw
    Verdict up = Verdict::saved(kTiming, record, at(0));
    EXPECT_EQ(up.record().since, at(-500));
    up.take(fail(), at(1));
    up.take(fail(), at(6));
    EXPECT_EQ(up.state(), TargetState::Up);
    up.take(fail(), at(11));
    EXPECT_EQ(up.state(), TargetState::Down);

    record.state = TargetState::Down;
    record.last_fall = at(-10);
    record.hold = seconds(30);
    Verdict down = Verdict::saved(kTiming, record, at(0));
    down.take(pass(), at(1));
    down.take(pass(), at(6));
    EXPECT_EQ(down.state(), TargetState::Down);
    down.take(pass(), at(20));
    EXPECT_EQ(down.state(), TargetState::Up);
}

TEST(Verdict, IsPendingUntilANewTargetHasPassedOnce) {
    Verdict verdict = Verdict::pending(kTiming, at(0));
    for (int failure = 0; failure < 20; ++failure) {
        EXPECT_FALSE(verdict.take(fail(FailureKind::Refused, "refused"), at(failure)));
    }
    EXPECT_EQ(verdict.state(), TargetState::Pending);
    EXPECT_EQ(verdict.record().reason, "refused");
    EXPECT_TRUE(verdict.take(pass(), at(30)));
    EXPECT_EQ(verdict.state(), TargetState::Up);
}

TEST(Verdict, IsStaleAfterTwoPeriodsAndATimeoutWithoutAResult) {
    Verdict verdict = one_that_fell(100);
    EXPECT_EQ(verdict.stale_at(), at(113));
    EXPECT_FALSE(verdict.look(at(112.999)));
    EXPECT_TRUE(verdict.look(at(113)));
    EXPECT_FALSE(verdict.look(at(114)));  // raised once
    EXPECT_TRUE(verdict.record().stale);
    EXPECT_EQ(verdict.state(), TargetState::Down);
    EXPECT_TRUE(verdict.take(fail(), at(115)));
    EXPECT_FALSE(verdict.record().stale);
}

TEST(Verdict, ThatNeverHadAResultIsStaleTooAndStaysUnknown) {
    Verdict verdict = Verdict::unknown(kTiming, at(0));
    EXPECT_TRUE(verdict.look(at(13)));
    EXPECT_EQ(verdict.state(), TargetState::Unknown);
}

TEST(Verdict, KeepsStateAndHoldWhenItsCheckChanges) {
    Verdict verdict = one_that_fell(100);
    verdict.take(pass(), at(140));
    verdict.start_afresh();
    verdict.retime({.fall = 1, .rise = 1, .hold = seconds(5)});
    EXPECT_EQ(verdict.state(), TargetState::Down);
    EXPECT_EQ(verdict.record().since, at(100));
    EXPECT_EQ(verdict.record().successes, 0u);
    verdict.take(pass(), at(145));
    EXPECT_EQ(verdict.state(), TargetState::Up);
}

TEST(Verdict, KeepsWhatWasCountedWhenItsTimingChanges) {
    Verdict verdict = one_that_is_up();
    verdict.take(fail(), at(5));
    verdict.retime({.fall = 2});
    verdict.take(fail(), at(10));
    EXPECT_EQ(verdict.state(), TargetState::Down);
}

TEST(Verdict, TakesBackARecentFallThatSignsOfBlindnessMade) {
    const zones::HealthTiming timing{.fall = 1};
    Verdict verdict = one_that_is_up(timing);
    verdict.take(fail(), at(100));
    ASSERT_EQ(verdict.state(), TargetState::Down);
    EXPECT_TRUE(verdict.take_back_fall(at(104)));
    EXPECT_EQ(verdict.state(), TargetState::Up);
    EXPECT_EQ(verdict.record().since, at(0));
    EXPECT_FALSE(verdict.record().last_fall);
    EXPECT_FALSE(verdict.take_back_fall(at(104)));
    verdict.take(fail(), at(110));
    EXPECT_EQ(verdict.record().hold, seconds(30)) << "a fall that was none doubles nothing";
}

TEST(Verdict, KeepsAFallThatIsOldOrThatAReplyMade) {
    const zones::HealthTiming timing{.fall = 2};
    Verdict old = one_that_fell(100, timing);
    old.take(fail(), at(110));
    EXPECT_FALSE(old.take_back_fall(at(113.001)));
    Verdict mixed = one_that_is_up(timing);
    mixed.take(fail(FailureKind::BadStatus, "503"), at(100));
    mixed.take(fail(), at(105));
    EXPECT_FALSE(mixed.take_back_fall(at(106)));
    EXPECT_EQ(mixed.state(), TargetState::Down);
}

/// Checks an endpoint once a second for an hour, and returns when it came back each time.
std::vector<double> returns_of(const std::function<bool(double)>& answers_at) {
    const zones::HealthTiming timing{
        .every = seconds(1), .timeout = milliseconds(500), .fall = 1, .rise = 1};
    Verdict verdict = one_that_is_up(timing);
    std::vector<double> returns;
    for (int second = 1; second < 3600; ++second) {
        const double now = second;
        const TargetState before = verdict.state();
        const auto hold_until = verdict.record().hold_until();
        verdict.take(answers_at(now) ? pass() : fail(), at(now));
        if (before == TargetState::Down && verdict.state() == TargetState::Up) {
            EXPECT_GE(at(now), *hold_until);
            returns.push_back(now);
        }
        if (before == TargetState::Up && !answers_at(now)) {
            EXPECT_EQ(verdict.state(), TargetState::Down) << "a fall was delayed at " << now;
        }
    }
    return returns;
}

TEST(AnEndpointThatToggles, ComesBackAtMostOnceInEachHold) {
    std::mt19937 random(18);
    std::vector<bool> coins;
    for (int second = 0; second < 3600; ++second) {
        coins.push_back(random() % 2 == 0);
    }
    const std::vector<std::function<bool(double)>> endpoints{
        [](double now) { return static_cast<int>(now) % 2 == 0; },
        [](double now) { return static_cast<int>(now) / 20 % 2 == 0; },
        [&](double now) { return coins[static_cast<std::size_t>(now)]; },
    };
    for (const auto& endpoint : endpoints) {
        const std::vector<double> returns = returns_of(endpoint);
        // 30 + 60 + 120 + 240 + 480 s, then ten minutes each: ten at most in an hour.
        EXPECT_GE(returns.size(), 5u);
        EXPECT_LE(returns.size(), 10u);
        for (std::size_t i = 1; i < returns.size(); ++i) {
            EXPECT_GE(returns[i] - returns[i - 1], 30);
        }
    }
}

}  // namespace
}  // namespace meridian::server
