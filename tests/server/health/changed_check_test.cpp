// Checks what becomes of addresses whose check is changed while they are up.
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
using test::health_of;
using test::ModelZone;
using test::pass;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using zones::Rung;

const std::vector<std::string> kAll{"192.0.2.1", "2001:db8::1", "192.0.2.2", "2001:db8::2",
                                    "192.0.2.3"};

ModelZone zone_of(const zones::Health& health) {
    return test::zone_of_three({"192.0.2.3"}, health);
}

class ChangedCheckTest : public test::BookTest {
protected:
    void SetUp() override {
        serve(zone_of(health_of("/")));
        pass_all(2);
    }
    [[nodiscard]] std::vector<std::string> alarms() const {
        std::vector<std::string> texts;
        for (const ServiceAlarm& alarm : book_.status().alarms) {
            texts.emplace_back(to_text(alarm.kind));
        }
        return texts;
    }
    [[nodiscard]] bool all_up() const {
        return rungs() == std::vector{Rung::Up, Rung::Up, Rung::Up} &&
               rungs(1) == std::vector{Rung::Up, Rung::Up, Rung::None};
    }
};

const CheckResult kNotFound = fail(FailureKind::BadStatus, "404");

TEST_F(ChangedCheckTest, OneThatFailsEverywhereTakesNothingDownAndIsAProblem) {
    serve(zone_of(health_of("/typo")));
    results(kAll, kNotFound, 2);
    EXPECT_THAT(alarms(), IsEmpty()) << "not often enough yet";
    results(kAll, kNotFound, 10);
    EXPECT_TRUE(all_up());
    EXPECT_THAT(alarms(), ElementsAre("changed-check-fails"));
    EXPECT_TRUE(has_problem(book_.status()));
    EXPECT_THAT(book_.take_turns(), IsEmpty());
}

TEST_F(ChangedCheckTest, AMendedCheckEndsIt) {
    serve(zone_of(health_of("/typo")));
    results(kAll, kNotFound, 5);
    serve(zone_of(health_of("/healthz")));
    EXPECT_THAT(alarms(), IsEmpty());
    results(kAll, pass(), 2);
    EXPECT_TRUE(all_up());
    results({"192.0.2.1"}, kNotFound, 3);
    EXPECT_EQ(rungs()[0], Rung::Down) << "it is a check as any other now";
}

TEST_F(ChangedCheckTest, OneThatWasMistypedTwiceStaysOnTrial) {
    serve(zone_of(health_of("/typo")));
    results(kAll, kNotFound, 5);
    serve(zone_of(health_of("/tpyo")));
    results(kAll, kNotFound, 5);
    EXPECT_TRUE(all_up());
    EXPECT_THAT(alarms(), ElementsAre("changed-check-fails"));
}

TEST_F(ChangedCheckTest, OnceItPassesSomewhereItDecides) {
    serve(zone_of(health_of("/new")));
    results(kAll, kNotFound, 5);
    results({"192.0.2.3"}, pass());
    EXPECT_THAT(alarms(), IsEmpty());
    results({"192.0.2.1"}, kNotFound);
    EXPECT_EQ(rungs()[0], Rung::Down) << "its failures were counted";
    EXPECT_EQ(rungs()[1], Rung::Up) << "no result of it has come since";
}

TEST_F(ChangedCheckTest, OtherTimesLeaveATrialAsItIs) {
    serve(zone_of(health_of("/typo")));
    results(kAll, kNotFound, 5);
    zones::Health slower = health_of("/typo");
    slower.timing.every = std::chrono::seconds(10);
    serve(zone_of(slower));
    results(kAll, kNotFound, 5);
    EXPECT_TRUE(all_up());
    EXPECT_THAT(alarms(), ElementsAre("changed-check-fails"));
    results({"192.0.2.3"}, pass());
    results({"192.0.2.1"}, kNotFound);
    EXPECT_EQ(rungs()[0], Rung::Down);
}

TEST_F(ChangedCheckTest, WhatWasDownBeforeIsNoPartOfIt) {
    results({"192.0.2.1"}, kNotFound, 3);
    serve(zone_of(health_of("/typo")));
    results({"2001:db8::1", "192.0.2.2", "2001:db8::2", "192.0.2.3"}, kNotFound, 5);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Up, Rung::Up));
    EXPECT_THAT(alarms(), ::testing::Contains("changed-check-fails"));
}

TEST_F(ChangedCheckTest, ItEndsWithTheZone) {
    serve(zone_of(health_of("/typo")));
    results(kAll, kNotFound, 5);
    serve(test::zone_of_three({"192.0.2.3"}, {}));
    EXPECT_THAT(alarms(), IsEmpty());
    EXPECT_THAT(book_.targets(), IsEmpty());
}

}  // namespace
}  // namespace meridian::server
