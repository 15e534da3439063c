// Checks what becomes of addresses whose check is changed while they are up.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
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

TEST_F(ChangedCheckTest, ItStaysOnTrialAcrossARestart) {
    serve(zone_of(health_of("/typo")));
    results(kAll, kNotFound, 5);
    HealthBook next(clock_);
    next.restore(book_.verdicts());
    test::SnapshotLine line;
    const auto snapshot = line.next(zone_of(health_of("/typo")));
    (void)next.plan(*snapshot);
    const auto all_get = [&](const CheckResult& result) {
        std::vector<Arrival> arrivals;
        for (const auto& [number, target] : next.targets()) {
            arrivals.push_back({number, result, clock_.steady()});
        }
        return next.take(arrivals);
    };
    for (int i = 0; i < 10; ++i) {
        clock_.seconds += 5;
        EXPECT_FALSE(all_get(kNotFound)) << "nothing changes";
    }
    ASSERT_EQ(next.status().alarms.size(), 1U);
    EXPECT_EQ(next.status().alarms[0].kind, AlarmKind::ChangedCheckFails);
    clock_.seconds += 5;
    (void)all_get(pass());
    EXPECT_THAT(next.status().alarms, IsEmpty());
}

TEST_F(ChangedCheckTest, ATrialIsNoOlderThanWhatPassedBefore) {
    serve(zone_of(health_of("/typo")));
    results(kAll, kNotFound, 5);
    const std::vector<SavedVerdict> saved = book_.verdicts();
    clock_.seconds += 2 * 3600;
    HealthBook next(clock_);
    next.restore(saved);
    test::SnapshotLine line;
    (void)next.plan(*line.next(zone_of(health_of("/typo"))));
    EXPECT_FALSE(next.has_trials());
}

/// Two services at the same addresses, each with a check of its own.
ModelZone zone_of_two(const std::string& path, const std::string& other_path) {
    ModelZone zone("z.test.");
    zone.region("first", 0, 0, {"192.0.2.1"}).region("second", 10, 10, {"192.0.2.2"});
    zone.policy("nearest");
    const std::map<std::string, std::vector<std::string>> addresses{{"first", {"192.0.2.1"}},
                                                                    {"second", {"192.0.2.2"}}};
    zone.steer_by("a", "a", 0, addresses).health(health_of(path));
    zone.steer_by("b", "b", 0, addresses).health(health_of(other_path));
    return zone;
}

class TwoServices : public test::BookTest {
protected:
    /// The check of this path has this result at an address, as often as is needed.
    void result_of(const std::string& path, const std::string& address, const CheckResult& result) {
        for (int i = 0; i < 5; ++i) {
            clock_.seconds += 30;
            std::vector<Arrival> arrivals;
            for (const auto& [number, target] : book_.targets()) {
                const bool is_it = target.label() == address && target.checks[0].path == path;
                if (is_it) { arrivals.push_back({number, result, clock_.steady()}); }
            }
            ASSERT_EQ(arrivals.size(), 1U) << path;
            if (book_.take(arrivals)) { publish(); }
        }
    }
};

TEST_F(TwoServices, KeepWhatTheirOwnChecksFound) {
    serve(zone_of_two("/a", "/b"));
    pass_all(2);
    result_of("/a", "192.0.2.1", kNotFound);
    result_of("/b", "192.0.2.2", kNotFound);
    const std::vector down_as_found{Rung::Down, Rung::Up, Rung::Up, Rung::Down};
    ASSERT_EQ(rungs(), down_as_found);
    for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{
             {"/a2", "/b"}, {"/a2", "/b2"}, {"/a3", "/b2"}, {"/a4", "/b4"}}) {
        serve(zone_of_two(a, b));
        EXPECT_EQ(rungs(), down_as_found) << a << ' ' << b;
    }
}

TEST_F(TwoServices, OneThatComesLaterKnowsNothingOfTheOthers) {
    ModelZone alone("z.test.");
    alone.region("first", 0, 0, {"192.0.2.1"}).region("second", 10, 10, {"192.0.2.2"});
    alone.policy("nearest");
    alone.steer_by("a", "a", 0, {{"first", {"192.0.2.1"}}, {"second", {"192.0.2.2"}}})
        .health(health_of("/a"));
    serve(alone);
    pass_all(2);
    result_of("/a", "192.0.2.1", kNotFound);
    serve(zone_of_two("/a", "/b"));
    EXPECT_EQ(rungs(), (std::vector{Rung::Down, Rung::Up, Rung::Up, Rung::Up}));
    for (const RegionHealth& region : book_.status().regions) {
        if (region.service != "b") { continue; }
        EXPECT_EQ(region.addresses.at(0).state, "unknown") << region.region;
    }
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
