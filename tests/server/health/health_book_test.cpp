// Checks what is served while targets fail, come back, join services and leave them.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/health_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/server/health/book_fixture.h"

namespace meridian::server {
namespace {

using test::fail;
using test::health_of;
using test::ModelZone;
using test::pass;
using test::zone_of_three;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using zones::FamilyStanding;
using zones::Rung;

class HealthBookTest : public test::BookTest {
protected:
    [[nodiscard]] std::map<std::string, std::string> states() const {
        std::map<std::string, std::string> states;
        for (const RegionHealth& region : book_.status().regions) {
            for (const AddressHealth& address : region.addresses) {
                states[address.address] = address.state;
            }
        }
        return states;
    }
};

TEST_F(HealthBookTest, WithoutChecksAllIsUpAndNothingIsATarget) {
    serve(zone_of_three({"192.0.2.3"}, {}));
    EXPECT_THAT(book_.targets(), IsEmpty());
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    EXPECT_THAT(book_.status().regions, IsEmpty());
}

TEST_F(HealthBookTest, ARegionFallsByItsChecksInOneFamilyAndComesBack) {
    serve(zone_of_three());
    pass_all();
    results({"192.0.2.1"}, fail(FailureKind::Refused), 2);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    results({"192.0.2.1"}, fail(FailureKind::Refused));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Up, Rung::Up));
    EXPECT_THAT(rungs(1), ElementsAre(Rung::Up, Rung::Up, Rung::None));
    clock_.seconds += 30;
    results({"192.0.2.1"}, pass(), 2);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
}

TEST_F(HealthBookTest, ADeadAddressLeavesTheAnswerAndTooFewLivingOnesAreBelowTheMinimum) {
    serve(zone_of_three());
    pass_all();
    results({"192.0.2.31"}, fail(FailureKind::Refused), 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    EXPECT_EQ(third_up(), 0b110U);
    results({"192.0.2.33"}, fail(FailureKind::Refused), 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::BelowMinimum)) << "1 of 3";
    EXPECT_EQ(third_up(), 0b010U);
}

TEST_F(HealthBookTest, ARegionThatIsDrainedInItsFileStandsByItsChecksWhereDrainedOnesDo) {
    ModelZone zone = zone_of_three();
    zone.regions()[0].is_drained = true;
    serve(zone);
    pass_all();
    EXPECT_THAT(rungs(), ElementsAre(Rung::Drained, Rung::Up, Rung::Up));
    results({"192.0.2.1"}, fail(FailureKind::Refused), 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::DrainedDown, Rung::Up, Rung::Up));
    EXPECT_THAT(rungs(1), ElementsAre(Rung::Drained, Rung::Up, Rung::None));
}

TEST_F(HealthBookTest, HalfOfTheAddressesIsEnough) {
    serve(zone_of_three({"192.0.2.31", "192.0.2.32"}));
    pass_all();
    results({"192.0.2.31"}, fail(FailureKind::Refused), 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    EXPECT_EQ(third_up(), 0b10U);
}

TEST_F(HealthBookTest, AtAStartAllCountsAsUpAndTheFirstResultDecides) {
    serve(zone_of_three());
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    results({"192.0.2.2"}, fail(FailureKind::BadStatus, "503"));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Down, Rung::Up));
}

TEST_F(HealthBookTest, AnAddressThatJoinsGetsNoClientsUntilItHasPassed) {
    serve(zone_of_three());
    pass_all();
    serve(zone_of_three({"192.0.2.31", "192.0.2.32", "192.0.2.33", "192.0.2.34"}));
    EXPECT_EQ(states()["192.0.2.34"], "pending");
    EXPECT_EQ(third_up(), 0b0111U);
    EXPECT_EQ(serving_->live()->cells()[2].standing[0].rung, Rung::Up) << "it counts in no share";
    results({"192.0.2.34"}, fail(FailureKind::Refused), 3);
    EXPECT_EQ(third_up(), 0b0111U);
    EXPECT_EQ(states()["192.0.2.34"], "pending");
    results({"192.0.2.34"}, pass());
    EXPECT_EQ(third_up(), 0b1111U);
    EXPECT_EQ(serving_->live()->cells()[2].standing[0], FamilyStanding{Rung::Up});
}

TEST_F(HealthBookTest, ARegionOfMistypedAddressesGetsNoClients) {
    serve(zone_of_three());
    pass_all();
    serve(zone_of_three({"192.0.2.99"}));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Down));
}

TEST_F(HealthBookTest, PendingAddressesServeWhileNoOtherIsUp) {
    serve(zone_of_three());
    pass_all();
    results({"192.0.2.1", "192.0.2.2", "192.0.2.31", "192.0.2.32", "192.0.2.33"},
            fail(FailureKind::BadStatus, "503"), 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Down, Rung::Down));
    serve(zone_of_three({"192.0.2.31", "192.0.2.99"}));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Down, Rung::Up));
    EXPECT_EQ(third_up(), 0b10U);
}

TEST_F(HealthBookTest, AServiceThatGetsChecksGoesOnAsItWas) {
    serve(zone_of_three({"192.0.2.3"}, {}));
    serve(zone_of_three({"192.0.2.3"}));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    results({"192.0.2.1"}, pass());
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up)) << "the others are not pending";
}

TEST_F(HealthBookTest, OtherTimingAndOtherChecksKeepTheVerdict) {
    serve(zone_of_three());
    pass_all();
    results({"192.0.2.1"}, fail(FailureKind::Refused), 3);
    zones::Health other = health_of("/");
    other.timing.every = std::chrono::seconds(1);
    serve(zone_of_three({"192.0.2.31"}, other));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Up, Rung::Up));
    EXPECT_EQ(states()["192.0.2.1"], "down");
    serve(zone_of_three({"192.0.2.31"}, health_of("/other")));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Up, Rung::Up));
    EXPECT_EQ(states()["192.0.2.2"], "up");
}

TEST_F(HealthBookTest, WhatStaysKeepsItsNumberSoThatItsProbesGoOn) {
    serve(zone_of_three());
    const auto before = book_.targets();
    serve(zone_of_three({"192.0.2.30", "192.0.2.31"}));
    std::map<std::string, std::uint64_t> numbers;
    for (const auto& [number, target] : before) {
        numbers[target.address.to_string()] = number;
    }
    for (const auto& [number, target] : book_.targets()) {
        const auto known = numbers.find(target.address.to_string());
        if (known == numbers.end()) {
            EXPECT_GT(number, before.size());
        } else {
            EXPECT_EQ(number, known->second) << target.address.to_string();
        }
    }
}

TEST_F(HealthBookTest, ServicesThatCheckAnAddressAlikeShareItsTarget) {
    ModelZone zone = zone_of_three();
    zone.steer_by("api", "api", 0, {{"first", {"192.0.2.1"}}});
    zone.health(health_of("/"));
    zone.steer_by("other", "other", 0, {{"first", {"192.0.2.1"}}});
    zone.health(health_of("/other"));
    serve(zone);
    std::vector<std::string> paths;
    for (const auto& [number, target] : book_.targets()) {
        if (target.address.to_string() == "192.0.2.1") {
            paths.push_back(target.checks.front().path);
        }
    }
    EXPECT_THAT(paths, ::testing::UnorderedElementsAre("/", "/other"));
}

TEST_F(HealthBookTest, TurnsNameRegionFamilyAndReason) {
    serve(zone_of_three());
    pass_all();
    EXPECT_THAT(book_.take_turns(), IsEmpty()) << "being up from the start on is no news";
    results({"192.0.2.1"}, fail(FailureKind::BadStatus, "503"), 3);
    const std::vector<RegionTurn> turns = book_.take_turns();
    ASSERT_EQ(turns.size(), 1U);
    EXPECT_EQ(turns[0].service, "nearest");
    EXPECT_EQ(turns[0].region, "first");
    EXPECT_EQ(turns[0].family, 0U);
    EXPECT_EQ(turns[0].rung, Rung::Down);
    EXPECT_EQ(turns[0].reason, "192.0.2.1: 503");
    EXPECT_THAT(book_.take_turns(), IsEmpty());
}

TEST_F(HealthBookTest, StatusSaysSinceWhenAndWhy) {
    serve(zone_of_three());
    pass_all();
    results({"192.0.2.1"}, fail(FailureKind::BadStatus, "503"), 3);
    clock_.seconds += 60;
    const HealthStatus status = book_.status();
    ASSERT_EQ(status.regions.size(), 3U);
    EXPECT_EQ(status.target_count, 7U);
    const RegionHealth& first = status.regions[0];
    EXPECT_EQ(first.families[0].rung, Rung::Down);
    EXPECT_EQ(first.families[0].since, 1'000'020);
    EXPECT_EQ(first.families[1].rung, Rung::Up);
    ASSERT_EQ(first.addresses.size(), 2U);
    EXPECT_EQ(first.addresses[0].reason, "503");
    EXPECT_EQ(first.addresses[0].failures, 3U);
    EXPECT_EQ(first.addresses[0].since, 1'000'020);
    EXPECT_TRUE(has_problem(status));
    EXPECT_TRUE(has_problem(first));
    EXPECT_FALSE(has_problem(status.regions[1]));
}

TEST_F(HealthBookTest, SelfTestsSayWhichFamilyIsBlindBeforeAnythingFalls) {
    serve(zone_of_three());
    book_.set_self_tests({{Family::V4, "198.51.100.1:53"}, {Family::V6, "[2001:db8::9]:53"}});
    pass_all();
    EXPECT_FALSE(book_.status().self_tests[0].is_known);
    book_.note_self_test(0, fail(FailureKind::TimedOut, "connect timed out"));
    book_.note_self_test(1, pass());
    EXPECT_FALSE(book_.take({})) << "no target came with it";
    results({"192.0.2.1", "2001:db8::1"}, fail(FailureKind::TimedOut, "reply timed out"), 3);
    EXPECT_EQ(rungs(0)[0], Rung::Up) << "its failures count nowhere";
    EXPECT_EQ(rungs(1)[0], Rung::Down);
    const HealthStatus status = book_.status();
    EXPECT_THAT(status.blind, ElementsAre("IPv4"));
    ASSERT_EQ(status.self_tests.size(), 2U);
    EXPECT_EQ(status.self_tests[0].address, "198.51.100.1:53");
    EXPECT_EQ(status.self_tests[0].reason, "connect timed out");
    EXPECT_TRUE(status.self_tests[1].is_known);
    EXPECT_EQ(status.self_tests[1].reason, "");
    book_.note_self_test(0, pass());
    results({"192.0.2.1"}, fail(FailureKind::TimedOut, "reply timed out"), 3);
    EXPECT_EQ(rungs(0)[0], Rung::Down);
}

TEST_F(HealthBookTest, StatusSaysWhenACertificateEnds) {
    serve(zone_of_three());
    const auto [number, target] = book_.targets().front();
    book_.take(std::vector<Arrival>{{number, pass(), clock_.steady(), 5}});
    book_.take(std::vector<Arrival>{{number, pass(), clock_.steady()}});
    const RegionHealth first = book_.status().regions[0];
    EXPECT_EQ(first.addresses[0].certificate_days, 5) << "a result without one takes none away";
    EXPECT_EQ(first.addresses[1].certificate_days, std::nullopt);
}

TEST_F(HealthBookTest, ARestartBringsBackNoDeadRegion) {
    serve(zone_of_three());
    pass_all();
    results({"192.0.2.1"}, fail(FailureKind::Refused), 3);
    const std::vector<SavedVerdict> saved = book_.verdicts();
    clock_.seconds += 16;
    HealthBook next(clock_);
    next.restore(saved);
    test::SnapshotLine line;
    const auto snapshot = line.next(zone_of_three());
    const auto live = next.plan(*snapshot);
    EXPECT_EQ(live->cells()[0].standing[0].rung, Rung::Down);
    EXPECT_EQ(live->cells()[1].standing[0].rung, Rung::Up);
    std::vector<Arrival> failures;
    for (const auto& [number, target] : next.targets()) {
        if (target.address.to_string() != "192.0.2.2") { continue; }
        failures.push_back({number, fail(FailureKind::Refused), clock_.steady()});
    }
    EXPECT_FALSE(next.take(failures)) << "a saved verdict holds until counted results change it";
}

TEST_F(HealthBookTest, ARegionThatFellWaitsBehindTheOthersWhereFailbackIsManual) {
    zones::Health manual = health_of("/");
    manual.manual_failback = true;
    const ModelZone zone = zone_of_three({"192.0.2.31"}, manual);
    serve(zone);
    pass_all();
    results({"192.0.2.1"}, fail(FailureKind::Refused), 3);
    clock_.seconds += 60;
    results({"192.0.2.1"}, pass(), 2);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Latched, Rung::Up, Rung::Up));
    EXPECT_THAT(rungs(1), ElementsAre(Rung::Up, Rung::Up, Rung::None)) << "IPv6 did not fall";
    HealthBook next(clock_);
    next.restore(book_.verdicts());
    test::SnapshotLine line;
    const auto live = next.plan(*line.next(zone));
    EXPECT_EQ(live->cells()[0].standing[0].rung, Rung::Latched) << "across a restart, too";
    EXPECT_EQ(live->cells()[0].standing[1].rung, Rung::Up);
    EXPECT_EQ(book_.release_latched({.region = "second"}, false), 0U);
    EXPECT_EQ(book_.release_latched({.region = "first"}, true), 1U);
    publish();
    EXPECT_THAT(rungs(), ElementsAre(Rung::Latched, Rung::Up, Rung::Up)) << "a dry run";
    ModelZone drained = zone;
    drained.regions()[1].is_drained = true;
    serve(drained);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Latched, Rung::Drained, Rung::Up));
    serve(zone);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Latched, Rung::Up, Rung::Up)) << "a drain is no fall";
    EXPECT_EQ(book_.release_latched({.region = "f*"}, false), 1U);
    publish();
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    EXPECT_EQ(book_.release_latched({}, false), 0U);
}

TEST_F(HealthBookTest, StatusShowsEachCheckOfARegion) {
    ModelZone zone = zone_of_three();
    zone.policy("nearest");  // as another zone has it
    zone.steer("api", 1);
    zone.health(health_of("/api"));
    serve(zone);
    EXPECT_EQ(book_.status().regions.size(), 6U);
}

TEST_F(HealthBookTest, AnotherServiceLeavesTheRestAsItIs) {
    serve(zone_of_three());
    pass_all();
    const std::int64_t since = book_.status().regions[0].families[0].since;
    clock_.seconds += 100;
    ModelZone more = zone_of_three();
    more.steer_by("api", "api", 0, {{"first", {"192.0.2.9"}}});
    more.health(health_of("/"));
    serve(more);
    EXPECT_EQ(book_.status().regions[0].families[0].since, since);
}

TEST_F(HealthBookTest, OtherTimingGoesOnCounting) {
    serve(zone_of_three());
    pass_all();
    zones::Health other = health_of("/");
    for (int i = 0; i < 3; ++i) {
        results({"192.0.2.1"}, fail(FailureKind::Refused));
        other.timing.timeout -= std::chrono::milliseconds(100);
        serve(zone_of_three({"192.0.2.31"}, other));
    }
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Up, Rung::Up));
}

TEST_F(HealthBookTest, WhatIsTakenAwayAndPutBackIsAsItWas) {
    serve(zone_of_three());
    pass_all();
    results({"192.0.2.1"}, fail(FailureKind::Refused), 3);
    serve(zone_of_three({"192.0.2.31"}, {}));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    clock_.seconds += 60;
    serve(zone_of_three());
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Up, Rung::Up));
    serve(zone_of_three({"192.0.2.31"}, {}));
    clock_.seconds += 3700;
    serve(zone_of_three());
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up)) << "that is too long ago";
}

TEST_F(HealthBookTest, WhatIsKnownSinceWhenSurvivesARestart) {
    serve(zone_of_three());
    pass_all();
    results({"192.0.2.1"}, fail(FailureKind::Refused), 3);
    const RegionHealth before = book_.status().regions.front();
    clock_.seconds += 100;
    HealthBook next(clock_);
    next.restore(book_.verdicts());
    test::SnapshotLine line;
    (void)next.plan(*line.next(zone_of_three()));
    const RegionHealth after = next.status().regions.front();
    EXPECT_EQ(after.region, "first");
    EXPECT_EQ(after.families[0].rung, Rung::Down);
    EXPECT_EQ(after.families[0].since, before.families[0].since);
    const std::vector<AddressTurn> turns = next.take_address_turns();
    ASSERT_EQ(turns.size(), 1U) << "the journal has the state of the new process";
    EXPECT_EQ(turns[0].address, "192.0.2.1");
}

TEST_F(HealthBookTest, WhatWasNotUpAndIsGoneIsNamed) {
    serve(zone_of_three());
    pass_all();
    results({"192.0.2.1"}, fail(FailureKind::Refused), 3);
    (void)book_.take_address_turns();
    (void)book_.take_turns();
    serve(zone_of_three({"192.0.2.31"}, {}));
    const std::vector<AddressTurn> addresses = book_.take_address_turns();
    ASSERT_EQ(addresses.size(), 1U);
    EXPECT_EQ(addresses[0].address + " " + addresses[0].state, "192.0.2.1 none");
    const std::vector<RegionTurn> turns = book_.take_turns();
    ASSERT_EQ(turns.size(), 1U);
    EXPECT_EQ(turns[0].region, "first");
    EXPECT_EQ(turns[0].rung, Rung::None);
}

TEST_F(HealthBookTest, AddressesThatTurnAreNamed) {
    serve(zone_of_three());
    pass_all();
    EXPECT_THAT(book_.take_address_turns(), IsEmpty());
    results({"192.0.2.32"}, fail(FailureKind::BadStatus, "503"), 3);
    const std::vector<AddressTurn> turns = book_.take_address_turns();
    ASSERT_EQ(turns.size(), 1U);
    EXPECT_EQ(turns[0].address, "192.0.2.32");
    EXPECT_EQ(turns[0].region, "third");
    EXPECT_EQ(turns[0].state, "down");
    EXPECT_EQ(turns[0].reason, "503");
}

TEST_F(HealthBookTest, AnotherSnapshotThanThePlannedOneGetsNoLiveTable) {
    serve(zone_of_three());
    pass_all();
    test::SnapshotLine other;
    const zones::Serving foreign(other.next(zone_of_three()));
    std::vector<Arrival> arrivals;
    for (const auto& [number, target] : book_.targets()) {
        for (int i = 0; i < 3; ++i) {
            arrivals.push_back({number, fail(FailureKind::Refused), clock_.steady()});
        }
    }
    EXPECT_TRUE(book_.take(arrivals));
    EXPECT_EQ(book_.next_live(foreign), nullptr);
    EXPECT_NE(book_.next_live(*serving_), nullptr);
}

}  // namespace
}  // namespace meridian::server
