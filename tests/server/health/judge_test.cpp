// Checks that no target falls while this server is blind, and that others fall at once.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/server/health/set_time.h"

namespace meridian::server {
namespace {

using test::at;
using test::fail;
using test::pass;
using testing::ElementsAre;
using testing::IsEmpty;

/// Ten targets in two regions, all up, checked every 5 s.
class TheJudge : public testing::Test {
protected:
    void set_up(std::uint16_t falls, Family family = Family::V4) {
        for (std::uint64_t target = 0; target < 10; ++target) {
            Verdict verdict = Verdict::unknown({.fall = falls, .rise = 1}, at(0));
            verdict.take(pass(), at(0));
            judge_.add(target, {only(family), target < 5 ? "virginia" : "frankfurt"}, verdict);
        }
    }
    /// The targets that changed by results of checks that were sent a second before.
    std::vector<std::uint64_t> take(double now, const CheckResult& result, std::uint64_t from,
                                    std::uint64_t to) {
        std::vector<Arrival> arrivals;
        for (std::uint64_t target = from; target < to; ++target) {
            arrivals.push_back({target, result, at(now - 1)});
        }
        return judge_.take(arrivals, at(now));
    }
    [[nodiscard]] TargetState state(std::uint64_t target) const {
        return judge_.find(target)->state();
    }
    [[nodiscard]] int down() const {
        int count = 0;
        for (std::uint64_t target = 0; target < 10; ++target) {
            count += state(target) == TargetState::Down ? 1 : 0;
        }
        return count;
    }
    Judge judge_;
};

TEST_F(TheJudge, LooksForBlindnessBeforeAnyOfATurnFalls) {
    set_up(1);
    EXPECT_THAT(take(10, fail(), 0, 10), IsEmpty());
    EXPECT_TRUE(judge_.is_blind(Family::V4));
    EXPECT_FALSE(judge_.is_blind(Family::V6));
    EXPECT_EQ(down(), 0);
}

TEST_F(TheJudge, LetsAllFallAtOnceWhenTheyAnswerWith503) {
    set_up(1);
    EXPECT_EQ(take(10, fail(FailureKind::BadStatus, "503"), 0, 10).size(), 10u);
    EXPECT_EQ(down(), 10);
}

TEST_F(TheJudge, LetsARegionFallWhoseTargetsTimeOut) {
    set_up(1);
    EXPECT_THAT(take(10, fail(), 0, 5), ElementsAre(0, 1, 2, 3, 4));
    EXPECT_FALSE(judge_.is_blind(Family::V4));
}

TEST_F(TheJudge, TakesBackTheFallsThatBlindnessMadeBeforeItWasSeen) {
    set_up(1);
    EXPECT_EQ(take(10, fail(), 0, 7).size(), 7u);
    EXPECT_EQ(down(), 7);
    EXPECT_THAT(take(11, fail(), 7, 8), ElementsAre(0, 1, 2, 3, 4, 5, 6));
    EXPECT_EQ(down(), 0);
}

TEST_F(TheJudge, CountsNoFailureThatItSawWhileBlind) {
    set_up(2);
    take(10, fail(), 0, 10);
    take(15, fail(), 0, 10);
    take(20, fail(), 0, 10);
    ASSERT_TRUE(judge_.is_blind(Family::V4));
    take(25, pass(), 5, 10);
    EXPECT_FALSE(judge_.is_blind(Family::V4));
    EXPECT_EQ(judge_.find(0)->record().failures, 0u);
    take(30, fail(), 0, 5);
    EXPECT_EQ(down(), 0) << "counting starts afresh";
    take(35, fail(), 0, 5);
    EXPECT_EQ(down(), 5);
}

TEST_F(TheJudge, CountsFailuresThatProveTheWayOpenAlsoWhileBlind) {
    set_up(2);
    take(10, fail(), 0, 9);
    ASSERT_TRUE(judge_.is_blind(Family::V4));
    take(15, fail(FailureKind::BadStatus, "503"), 9, 10);
    EXPECT_THAT(take(20, fail(FailureKind::BadStatus, "503"), 9, 10), ElementsAre(9));
    EXPECT_TRUE(judge_.is_blind(Family::V4)) << "for the other nine";
}

TEST_F(TheJudge, ForgetsFailuresThatItCountedBeforeItWasBlind) {
    set_up(2);
    take(5, fail(), 0, 1);
    ASSERT_EQ(judge_.find(0)->record().failures, 1u);
    take(10, fail(), 0, 10);
    take(15, pass(), 5, 10);
    ASSERT_FALSE(judge_.is_blind(Family::V4));
    EXPECT_THAT(take(20, fail(), 0, 1), IsEmpty());
    EXPECT_THAT(take(25, fail(), 0, 1), ElementsAre(0));
}

TEST_F(TheJudge, PassesOverFailuresOfChecksThatWereSentWhileBlind) {
    set_up(1);
    take(10, fail(), 0, 10);
    take(20, pass(), 0, 9);
    ASSERT_FALSE(judge_.is_blind(Family::V4));
    EXPECT_THAT(take(20.9, fail(), 9, 10), IsEmpty()) << "sent at 19.9, when it was blind";
    EXPECT_THAT(take(21.1, fail(), 9, 10), ElementsAre(9));
}

TEST_F(TheJudge, StaysAwakeWhileASelfTestAnswers) {
    set_up(1);
    judge_.set_self_tests(Family::V4, {"192.0.2.1:53"});
    judge_.note_self_test(Family::V4, "192.0.2.1:53", pass());
    EXPECT_EQ(take(10, fail(), 0, 10).size(), 10u);
    EXPECT_FALSE(judge_.is_blind(Family::V4));
}

TEST_F(TheJudge, KnowsFromSelfTestsAloneThatItIsBlind) {
    set_up(1);
    judge_.set_self_tests(Family::V4, {"192.0.2.1:53"});
    judge_.note_self_test(Family::V4, "192.0.2.1:53", fail());
    EXPECT_THAT(take(10, fail(), 0, 1), IsEmpty());
    EXPECT_TRUE(judge_.is_blind(Family::V4));
}

TEST_F(TheJudge, KeepsFamiliesApart) {
    set_up(1);
    for (std::uint64_t target = 20; target < 24; ++target) {
        Verdict verdict = Verdict::unknown({.fall = 1}, at(0));
        verdict.take(pass(), at(0));
        judge_.add(target, {only(Family::V6), target < 22 ? "virginia" : "frankfurt"}, verdict);
    }
    take(10, fail(), 20, 24);
    EXPECT_TRUE(judge_.is_blind(Family::V6));
    EXPECT_THAT(take(11, fail(), 0, 1), ElementsAre(0));
    EXPECT_EQ(state(20), TargetState::Up);
}

TEST_F(TheJudge, LeavesUnknownWhatItSawBlindAtAStart) {
    for (std::uint64_t target = 0; target < 4; ++target) {
        judge_.add(target, {only(Family::V4), target < 2 ? "virginia" : "frankfurt"},
                   Verdict::unknown({}, at(0)));
    }
    EXPECT_EQ(take(3, fail(), 0, 3).size(), 3u);
    EXPECT_EQ(take(4, fail(), 3, 4).size(), 3u);
    for (std::uint64_t target = 0; target < 4; ++target) {
        EXPECT_EQ(state(target), TargetState::Unknown);
    }
    take(9, pass(), 0, 4);
    EXPECT_EQ(state(3), TargetState::Up);
}

TEST_F(TheJudge, LearnsNothingOfTheWayFromPendingTargets) {
    set_up(1);
    for (std::uint64_t target = 100; target < 200; ++target) {
        judge_.add(target, {only(Family::V4), "singapore"}, Verdict::pending({}, at(0)));
    }
    take(10, fail(), 100, 200);
    take(11, fail(), 0, 1);
    EXPECT_FALSE(judge_.is_blind(Family::V4));
    EXPECT_EQ(state(0), TargetState::Down);
    EXPECT_EQ(state(100), TargetState::Pending);
    take(12, pass(), 100, 200);
    take(17, fail(), 100, 200);
    EXPECT_TRUE(judge_.is_blind(Family::V4)) << "once it has passed, its failures are signs too";
}

TEST_F(TheJudge, LearnsNothingOfTheWayFromTargetsThatAreNotAsked) {
    set_up(1);
    for (std::uint64_t target = 100; target < 200; ++target) {  // of files of states
        judge_.add(target, {only(Family::V4), "singapore", false}, Verdict::unknown({}, at(0)));
    }
    take(9, pass(), 100, 200);
    take(10, fail(), 0, 10);
    EXPECT_TRUE(judge_.is_blind(Family::V4)) << "a hundred that pass show no way";
    const CheckResult says_so{FailureKind::Other, "state.json says so"};
    EXPECT_THAT(take(11, says_so, 100, 101), IsEmpty());
    take(16, says_so, 100, 101);
    EXPECT_THAT(take(21, says_so, 100, 101), ElementsAre(100)) << "and count all the same";
}

TEST_F(TheJudge, PassesOverResultsOfTargetsThatAreGone) {
    set_up(1);
    judge_.remove(3);
    EXPECT_THAT(take(10, fail(), 3, 4), IsEmpty());
    EXPECT_EQ(judge_.find(3), nullptr);
}

TEST_F(TheJudge, NamesWhatBecameStaleOnce) {
    set_up(1);
    take(5, pass(), 1, 10);
    EXPECT_THAT(judge_.look(at(13)), ElementsAre(0));
    EXPECT_THAT(judge_.look(at(14)), IsEmpty());
    EXPECT_THAT(take(15, pass(), 0, 1), ElementsAre(0));
}

TEST_F(TheJudge, FindsFiveHundredThatFailAtOnceInOneStep) {
    for (std::uint64_t target = 0; target < 1000; ++target) {
        Verdict verdict = Verdict::unknown({}, at(0));
        verdict.take(pass(), at(0));
        judge_.add(target, {only(Family::V4), target < 500 ? "virginia" : "frankfurt"}, verdict);
    }
    EXPECT_THAT(take(5, fail(), 0, 500), IsEmpty());
    EXPECT_THAT(take(10, fail(), 0, 500), IsEmpty());
    EXPECT_EQ(take(15, fail(), 0, 500).size(), 500u);
}

}  // namespace
}  // namespace meridian::server
