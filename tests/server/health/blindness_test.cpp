// Checks when this server counts as blind, and when all down is all down.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/blindness.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/server/health/set_time.h"

namespace meridian::server {
namespace {

using std::chrono::seconds;
using test::at;
using test::fail;
using test::pass;

/// So many targets in each region, all of which answered at 0.
Blindness sight_of(const std::vector<int>& regions) {
    Blindness sight;
    std::uint64_t target = 0;
    for (std::size_t region = 0; region < regions.size(); ++region) {
        for (int i = 0; i < regions[region]; ++i) {
            sight.add(target, "region " + std::to_string(region), seconds(5));
            sight.note(target++, pass(), at(0));
        }
    }
    return sight;
}

void fail_all(Blindness& sight, std::uint64_t from, std::uint64_t to, double when,
              FailureKind kind = FailureKind::TimedOut) {
    for (std::uint64_t target = from; target < to; ++target) {
        sight.note(target, fail(kind), at(when));
    }
}

TEST(Blindness, NeedsFourFifthsOfTheTargets) {
    Blindness sight = sight_of({5, 5});
    fail_all(sight, 0, 7, 10);
    EXPECT_FALSE(sight.look(at(10)));
    fail_all(sight, 7, 8, 11);
    EXPECT_TRUE(sight.look(at(11)));
    EXPECT_TRUE(sight.is_blind());
}

TEST(Blindness, CountsTargetsWithoutAResultAsSeen) {
    Blindness sight = sight_of({2, 2});
    sight.add(10, "region 0", seconds(5));
    sight.add(11, "region 1", seconds(5));
    fail_all(sight, 0, 4, 10);
    EXPECT_FALSE(sight.look(at(10)));
}

TEST(Blindness, NeedsFourTargets) {
    Blindness three = sight_of({2, 1});
    fail_all(three, 0, 3, 10);
    EXPECT_FALSE(three.look(at(10)));
    Blindness four = sight_of({2, 2});
    fail_all(four, 0, 4, 10);
    EXPECT_TRUE(four.look(at(10)));
}

TEST(Blindness, NeedsSignsInTwoRegions) {
    Blindness sight = sight_of({8, 2});
    fail_all(sight, 0, 8, 10);
    EXPECT_FALSE(sight.look(at(10))) << "a region of many addresses is down";
    fail_all(sight, 8, 9, 10);
    EXPECT_TRUE(sight.look(at(10)));
}

TEST(Blindness, NeedsThatMostTurnedWithinTwoPeriods) {
    Blindness slow = sight_of({2, 2});
    for (std::uint64_t target = 0; target < 4; ++target) {  // one after the other, in an hour
        const double when = 900.0 * static_cast<double>(target);
        fail_all(slow, target, target + 1, when);
        EXPECT_FALSE(slow.look(at(when)));
    }
    Blindness half = sight_of({2, 2});
    fail_all(half, 0, 2, 10);
    fail_all(half, 2, 4, 20.001);
    EXPECT_FALSE(half.look(at(20.001))) << "two of four are not most";
    Blindness most = sight_of({2, 2});
    fail_all(most, 0, 1, 10);
    fail_all(most, 1, 4, 100);
    EXPECT_TRUE(most.look(at(110)));
}

TEST(Blindness, IsSeenInTimeOutsResetsAndMissingRoutesAlone) {
    for (const FailureKind kind :
         {FailureKind::TimedOut, FailureKind::Unreachable, FailureKind::Reset}) {
        Blindness sight = sight_of({2, 2});
        fail_all(sight, 0, 4, 10, kind);
        EXPECT_TRUE(sight.look(at(10)));
    }
    for (const FailureKind kind :
         {FailureKind::Refused, FailureKind::BadStatus, FailureKind::BadBody,
          FailureKind::BadCertificate, FailureKind::Redirect, FailureKind::Other}) {
        Blindness sight = sight_of({2, 2});
        fail_all(sight, 0, 4, 10, kind);
        EXPECT_FALSE(sight.look(at(10))) << "a dead database behind living front ends";
    }
}

TEST(Blindness, LastsForAsLongAsFourFifthsAreSigns) {
    Blindness sight = sight_of({5, 5});
    fail_all(sight, 0, 10, 10);
    EXPECT_TRUE(sight.look(at(10)));
    fail_all(sight, 0, 10, 5000);
    EXPECT_TRUE(sight.look(at(5000))) << "that they turned long ago matters at its begin alone";
    sight.note(0, pass(), at(5001));
    sight.note(1, fail(FailureKind::Refused), at(5001));
    EXPECT_TRUE(sight.look(at(5001)));
    sight.note(2, pass(), at(5002));
    EXPECT_FALSE(sight.look(at(5002)));
}

TEST(Blindness, IsOverWhenTheTargetsAreGone) {
    Blindness sight = sight_of({2, 2});
    fail_all(sight, 0, 4, 10);
    ASSERT_TRUE(sight.look(at(10)));
    for (std::uint64_t target = 0; target < 4; ++target) {
        sight.remove(target);
    }
    EXPECT_FALSE(sight.look(at(11)));
}

TEST(Blindness, IsNoneWhileASelfTestAnswers) {
    Blindness sight = sight_of({5, 5});
    sight.set_self_tests({"a", "b"});
    sight.note_self_test("a", fail());
    sight.note_self_test("b", pass());
    fail_all(sight, 0, 10, 10);
    EXPECT_FALSE(sight.look(at(10))) << "all down is all down";
    sight.note_self_test("b", fail());
    EXPECT_TRUE(sight.look(at(11)));
    sight.note_self_test("a", fail(FailureKind::Refused));
    EXPECT_FALSE(sight.look(at(12))) << "a refusal came back over the uplink";
}

TEST(Blindness, IsCertainWhenAllSelfTestsFail) {
    Blindness sight = sight_of({1});
    sight.set_self_tests({"a", "b"});
    sight.note_self_test("a", fail());
    EXPECT_FALSE(sight.look(at(1))) << "of one there is no result yet";
    sight.note_self_test("b", fail());
    EXPECT_TRUE(sight.look(at(1)));
    sight.set_self_tests({});
    EXPECT_FALSE(sight.look(at(2)));
}

TEST(Blindness, KeepsTheResultsOfSelfTestsThatStay) {
    Blindness sight;
    sight.set_self_tests({"a", "b"});
    sight.note_self_test("a", fail());
    sight.note_self_test("b", pass());
    sight.set_self_tests({"a"});
    EXPECT_TRUE(sight.look(at(1)));
}

}  // namespace
}  // namespace meridian::server
