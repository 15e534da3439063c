// Checks that a family which this server has no way to follows the other one of each region.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/health/health_book.h"
#include "tests/server/health/book_fixture.h"

namespace meridian::server {
namespace {

using test::fail;
using test::kRefused;
using test::pass;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using zones::Rung;

class ReachTest : public test::BookTest {
protected:
    void reach(Family family, bool is_reached) {
        if (book_.set_reach(family, is_reached)) { publish(); }
    }
};

TEST_F(ReachTest, TheFamilyStandsWhereTheOtherOneDoes) {
    serve(test::zone_of_three({"192.0.2.31", "192.0.2.32", "192.0.2.33", "2001:db8::31"}));
    pass_all(2);
    results({"2001:db8::1", "2001:db8::2"}, fail(FailureKind::Unreachable), 3);
    ASSERT_THAT(rungs(1), ElementsAre(Rung::Down, Rung::Down, Rung::Up));
    reach(Family::V6, false);
    EXPECT_THAT(rungs(1), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    results({"192.0.2.1"}, kRefused, 3);
    EXPECT_THAT(rungs(0), ElementsAre(Rung::Down, Rung::Up, Rung::Up));
    EXPECT_THAT(rungs(1), ElementsAre(Rung::Down, Rung::Up, Rung::Up));
    results({"192.0.2.31", "192.0.2.32"}, kRefused, 3);
    EXPECT_EQ(rungs(1)[2], Rung::BelowMinimum);
    EXPECT_EQ(serving_->live()->up_addresses(2, 1), 1U) << "its address is as good as before";
    EXPECT_EQ(book_.status().regions[0].families[1].reason, "its IPv4 is");
    EXPECT_THAT(book_.status().out_of_reach, ElementsAre("IPv6"));
    reach(Family::V6, true);
    EXPECT_THAT(rungs(1), ElementsAre(Rung::Down, Rung::Down, Rung::Up)) << "as it was known to be";
    EXPECT_THAT(book_.status().out_of_reach, IsEmpty());
}

TEST_F(ReachTest, ResultsOfTheFamilyCountNowhereAndNoneAreMissed) {
    serve(test::zone_of_three({"192.0.2.3"}));
    pass_all(2);
    reach(Family::V6, false);
    results({"2001:db8::1"}, kRefused, 5);
    EXPECT_EQ(rungs(1)[0], Rung::Up);
    clock_.seconds += 600;
    book_.look();
    const HealthStatus status = book_.status();
    for (const AddressHealth& address : status.regions[0].addresses) {
        EXPECT_EQ(address.stale, address.address == "192.0.2.1") << address.address;
    }
}

TEST_F(ReachTest, ARegionWithoutTheOtherFamilyStaysAsItWas) {
    serve(test::zone_of_three({"2001:db8::31"}));
    pass_all(2);
    results({"2001:db8::31"}, kRefused, 3);
    ASSERT_EQ(rungs(1)[2], Rung::Down);
    reach(Family::V6, false);
    EXPECT_EQ(rungs(1)[2], Rung::Down);
    EXPECT_EQ(rungs(1)[0], Rung::Up);
}

TEST_F(ReachTest, WithBothFamiliesOutOfReachEverythingStaysAsItWas) {
    serve(test::zone_of_three({"192.0.2.3"}));
    pass_all(2);
    results({"192.0.2.1"}, kRefused, 3);
    reach(Family::V4, false);
    reach(Family::V6, false);
    EXPECT_THAT(rungs(0), ElementsAre(Rung::Down, Rung::Up, Rung::Up));
    EXPECT_THAT(rungs(1), ElementsAre(Rung::Up, Rung::Up, Rung::None));
}

TEST_F(ReachTest, WhatIsOutOfReachIsNoBlindness) {
    serve(test::zone_of_three({"2001:db8::31", "2001:db8::32", "192.0.2.31"}));
    pass_all(2);
    results({"2001:db8::1", "2001:db8::2", "2001:db8::31", "2001:db8::32"},
            fail(FailureKind::Unreachable), 2);
    ASSERT_TRUE(book_.is_blind(Family::V6));
    reach(Family::V6, false);
    EXPECT_FALSE(book_.is_blind(Family::V6));
    EXPECT_THAT(book_.status().blind, IsEmpty());
    EXPECT_FALSE(has_problem(book_.status()));
}

TEST_F(ReachTest, OverridesHoldInBoth) {
    serve(test::zone_of_three({"192.0.2.3"}));
    pass_all(2);
    reach(Family::V6, false);
    book_.set_overrides(
        {{.kind = OverrideKind::Drain, .target = parse_override_target("first").value()}});
    publish();
    EXPECT_EQ(rungs(0)[0], Rung::Drained);
    EXPECT_EQ(rungs(1)[0], Rung::Drained);
}

}  // namespace
}  // namespace meridian::server
