// Checks that a problem of many targets is one, from its first to its last.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/check_problems.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace meridian::server {
namespace {

std::vector<std::string> turns(CheckProblems& problems) {
    std::vector<std::string> texts;
    for (const CheckProblems::Turn& turn : problems.take_turns()) {
        texts.push_back((turn.is_over ? "-" : "+") + turn.problem);
    }
    return texts;
}

using Texts = std::vector<std::string>;

TEST(CheckProblems, BeginWithTheFirstTargetAndEndWithTheLast) {
    CheckProblems problems;
    problems.note(1, "gone");
    EXPECT_EQ(turns(problems), Texts{"+gone"});
    problems.note(1, "gone");
    problems.note(2, "gone");
    EXPECT_EQ(turns(problems), Texts{});
    problems.note(1, "");
    EXPECT_EQ(turns(problems), Texts{});
    EXPECT_EQ(problems.shown(), Texts{"gone"});
    problems.forget(2);
    EXPECT_EQ(turns(problems), Texts{"-gone"});
    EXPECT_EQ(problems.shown(), Texts{});
}

TEST(CheckProblems, AnotherOneReplacesThatOfItsTarget) {
    CheckProblems problems;
    problems.note(1, "gone");
    problems.note(1, "torn");
    EXPECT_EQ(turns(problems), Texts{"+torn"}) << "the first one came and went between two looks";
    problems.note(1, "gone");
    EXPECT_EQ(turns(problems), (Texts{"+gone", "-torn"}));
    EXPECT_EQ(problems.targets(), std::vector<std::uint64_t>{1});
}

TEST(CheckProblems, ShowsSomeAndCountsTheOthers) {
    CheckProblems problems;
    for (std::uint64_t target = 0; target < 40; ++target) {
        problems.note(target, "p" + std::to_string(target));
    }
    EXPECT_EQ(problems.shown().size(), 17U);
    EXPECT_EQ(problems.shown().back(), "and 24 more of that kind");
}

}  // namespace
}  // namespace meridian::server
