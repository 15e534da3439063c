// Checks what services make of regions that are down: last resorts, panic, families, dependencies.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "meridian/zones/verdict.h"
#include "server/health/health_book.h"
#include "server/health/override_request.h"
#include "tests/server/health/book_fixture.h"
#include "tests/support/zone_asker.h"

namespace meridian::server {
namespace {

using dns::Type;
using test::kRefused;
using test::ModelZone;
using test::pass;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using zones::Rung;

class ServiceBookTest : public test::BookTest {
protected:
    std::vector<std::string> ask(const std::string& name, Type type) {
        test::ZoneAsker asker(*serving_);
        return test::texts_of(asker.ask(name, type).answer);
    }
    [[nodiscard]] zones::Verdict why(const std::string& name, Type type) const {
        return zones::explain(*serving_, {},
                              {test::name(name), type, IpAddress::parse("192.0.2.53").value(), {}});
    }
    [[nodiscard]] std::vector<std::string> alarms() const {
        std::vector<std::string> texts;
        for (const ServiceAlarm& alarm : book_.status().alarms) {
            texts.push_back(alarm.service + " " + std::string(to_text(alarm.kind)) +
                            (alarm.family.empty() ? "" : " " + alarm.family));
        }
        return texts;
    }
    OverrideOutcome ask_for(std::optional<OverrideKind> kind, const std::string& target,
                            bool force = false) {
        const OverrideRequest request{.kind = kind,
                                      .target = parse_override_target(target).value(),
                                      .seconds = 3600,
                                      .author = "alice",
                                      .force = force};
        OverrideOutcome outcome = carry_out(request, book_, test::kStart + clock_.seconds);
        publish();
        return outcome;
    }
    void serve_and_pass(const ModelZone& zone) {
        serve(zone);
        pass_all(2);
    }
};

ModelZone zone_of_both_families() {
    return test::zone_of_three({"192.0.2.3", "2001:db8::3"});
}

ModelZone with_last_resort() {
    ModelZone zone = zone_of_both_families();
    zone.last_service().last_resort = {IpAddress::parse("192.0.2.99").value(),
                                       IpAddress::parse("2001:db8::99").value()};
    return zone;
}

const std::vector<std::string> kAllV4{"192.0.2.1", "192.0.2.2", "192.0.2.3"};

/// An address of two regions, whose states a file says.
ModelZone zone_of_a_file() {
    ModelZone zone("z.test.");
    zone.region("first", 0, 0, {"192.0.2.1"}).region("second", 10, 10, {"192.0.2.1"});
    zone.policy("nearest");
    zone.steer("www", 0);
    zones::Health health;
    health.checks = {{.kind = zones::CheckKind::File, .file = {.name = "state.json"}}};
    health.timing = zones::pushed_timing();
    return zone.health(health);
}

TEST_F(ServiceBookTest, WhatAFileSaysIsOfAPlaceAndHoldsAtOnce) {
    serve(zone_of_a_file());
    const auto targets = book_.targets();
    ASSERT_EQ(targets.size(), 2U);
    EXPECT_EQ(targets[0].target.checks[0].place, (zones::CheckedPlace{"nearest", "first"}));
    EXPECT_EQ(targets[1].target.checks[0].place, (zones::CheckedPlace{"nearest", "second"}));
    const CheckResult says_so{FailureKind::Other, "state.json says so"};
    const std::vector<CheckResult> results{pass(), says_so, pass(), says_so, pass()};
    for (const CheckResult& result : results) {
        clock_.seconds += 1;
        const Arrival arrival{targets[0].number, result, clock_.steady()};
        if (book_.take(std::span(&arrival, 1))) { publish(); }
        EXPECT_THAT(rungs(), ElementsAre(result.passed() ? Rung::Up : Rung::Down, Rung::Up))
            << "nothing is counted, and nothing waits";
    }
}

TEST_F(ServiceBookTest, ALastResortAnswersWhileEveryRegionIsDown) {
    serve_and_pass(with_last_resort());
    EXPECT_THAT(ask("www.z.test.", Type::A), ElementsAre("www.z.test. 60 A 192.0.2.1"));
    EXPECT_THAT(alarms(), IsEmpty());
    results({"192.0.2.1", "192.0.2.2"}, kRefused, 3);
    EXPECT_THAT(ask("www.z.test.", Type::A), ElementsAre("www.z.test. 60 A 192.0.2.3"));
    EXPECT_FALSE(why("www.z.test.", Type::A).from_last_resort);
    results({"192.0.2.3"}, kRefused, 3);
    EXPECT_THAT(ask("www.z.test.", Type::A), ElementsAre("www.z.test. 60 A 192.0.2.99"));
    EXPECT_THAT(ask("www.z.test.", Type::AAAA), ElementsAre("www.z.test. 60 AAAA 2001:db8::1"));
    EXPECT_THAT(alarms(), ElementsAre("nearest last-resort IPv4", "nearest families-split"));
    const zones::Verdict verdict = why("www.z.test.", Type::A);
    EXPECT_TRUE(verdict.from_last_resort);
    EXPECT_EQ(verdict.regions[0].note, "is down");
    EXPECT_FALSE(verdict.regions[0].chosen);
    EXPECT_EQ(verdict.decision, zones::Decision::None);
    EXPECT_EQ(verdict.split_family, "IPv6");
    EXPECT_EQ(verdict.split_region, "first");
    EXPECT_EQ(why("www.z.test.", Type::AAAA).split_region, "last resort");
}

TEST_F(ServiceBookTest, ADrainedRegionAnswersBeforeTheLastResort) {
    ModelZone zone = with_last_resort();
    zone.regions()[2].is_drained = true;
    serve_and_pass(zone);
    results({"192.0.2.1", "192.0.2.2"}, kRefused, 3);
    EXPECT_THAT(ask("www.z.test.", Type::A), ElementsAre("www.z.test. 60 A 192.0.2.3"));
    EXPECT_THAT(alarms(), ElementsAre("nearest drained IPv4", "nearest families-split"));
    EXPECT_TRUE(has_problem(book_.status()));
}

TEST_F(ServiceBookTest, AServiceLeftWithoutAnUpRegionByForceIsAProblem) {
    serve(test::zone_of_three({"192.0.2.3", "2001:db8::3"}, {}));
    EXPECT_NE(ask_for(OverrideKind::Drain, "*").result, OverrideResult::Done);
    EXPECT_THAT(alarms(), IsEmpty());
    EXPECT_EQ(ask_for(OverrideKind::Drain, "*", true).result, OverrideResult::Done);
    EXPECT_THAT(alarms(), ElementsAre("nearest drained IPv4", "nearest drained IPv6"));
    EXPECT_TRUE(has_problem(book_.status()));
}

/// Panic while fewer than two of its three regions are up.
ModelZone with_panic(const std::vector<std::string>& third) {
    ModelZone zone = test::zone_of_three(third);
    zone.policies()[0].min_regions = 2;
    return zone;
}

TEST_F(ServiceBookTest, WithFewerRegionsUpThanWantedAllCountAsUp) {
    serve_and_pass(with_panic({"192.0.2.31", "192.0.2.32", "192.0.2.33"}));
    results({"192.0.2.1"}, kRefused, 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Up, Rung::Up)) << "two are enough";
    results({"192.0.2.31", "192.0.2.33"}, kRefused, 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    EXPECT_EQ(third_up(), 0b010U) << "a dead address stays out while its region has another one";
    EXPECT_THAT(ask("www.z.test.", Type::A), ElementsAre("www.z.test. 60 A 192.0.2.1"));
    EXPECT_THAT(alarms(), ElementsAre("nearest panic IPv4"));
    EXPECT_EQ(why("www.z.test.", Type::A).regions[0].note,
              "counts as up, since fewer regions are than `min_regions` asks for");
    const HealthStatus status = book_.status();
    EXPECT_EQ(status.regions[0].families[0].rung, Rung::Down) << "status has it as it is";
    EXPECT_TRUE(status.regions[0].families[0].in_panic);
    results({"192.0.2.2"}, kRefused, 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Down, Rung::BelowMinimum))
        << "without a region that is up there is nothing to drown";
}

TEST_F(ServiceBookTest, PanicLeavesOutWhatOperatorsTookOutAndWhatIsPending) {
    serve_and_pass(with_panic({"192.0.2.31"}));
    ask_for(OverrideKind::Drain, "first");
    results({"192.0.2.31"}, kRefused, 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Drained, Rung::Up, Rung::Up));
    EXPECT_TRUE(serving_->live()->cells()[2].standing[0].in_panic);
    serve(with_panic({"192.0.2.32"}));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Drained, Rung::Up, Rung::Down)) << "it never passed";
}

TEST_F(ServiceBookTest, PanicLeavesOutARegionThatWaitsForARelease) {
    ModelZone zone = with_panic({"192.0.2.31"});
    zones::Health manual = test::health_of("/");
    manual.manual_failback = true;
    zone.health(manual);
    serve_and_pass(zone);
    results({"192.0.2.1"}, kRefused, 3);
    clock_.seconds += 60;
    results({"192.0.2.1"}, pass(), 2);
    results({"192.0.2.31"}, kRefused, 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Latched, Rung::Up, Rung::Up));
    EXPECT_TRUE(serving_->live()->cells()[2].standing[0].in_panic);
}

TEST_F(ServiceBookTest, FamiliesApartTakeTheFirstRegionThatHasThemUpEach) {
    serve_and_pass(zone_of_both_families());
    results({"2001:db8::1"}, kRefused, 3);
    EXPECT_THAT(ask("www.z.test.", Type::A), ElementsAre("www.z.test. 60 A 192.0.2.1"));
    EXPECT_THAT(ask("www.z.test.", Type::AAAA), ElementsAre("www.z.test. 60 AAAA 2001:db8::2"));
    EXPECT_THAT(alarms(), ElementsAre("nearest families-split"));
    EXPECT_EQ(why("www.z.test.", Type::A).split_family, "IPv6");
    EXPECT_EQ(why("www.z.test.", Type::A).split_region, "second");
}

TEST_F(ServiceBookTest, FamiliesTogetherLeaveARegionTogether) {
    ModelZone zone = zone_of_both_families();
    zone.last_service().families_together = true;
    serve_and_pass(zone);
    results({"2001:db8::1"}, kRefused, 3);
    EXPECT_THAT(ask("www.z.test.", Type::A), ElementsAre("www.z.test. 60 A 192.0.2.2"));
    EXPECT_THAT(ask("www.z.test.", Type::AAAA), ElementsAre("www.z.test. 60 AAAA 2001:db8::2"));
    EXPECT_THAT(alarms(), IsEmpty());
    EXPECT_EQ(why("www.z.test.", Type::A).regions[0].note, "is down, since its IPv6 is");
    EXPECT_EQ(why("www.z.test.", Type::A).split_family, "");
    EXPECT_EQ(book_.status().regions[0].families[0].reason, "its IPv6 is");
}

TEST_F(ServiceBookTest, AFamilyThatIsUpNowhereTakesTheOtherOneAlongNowhere) {
    ModelZone zone = zone_of_both_families();
    zone.last_service().families_together = true;
    serve_and_pass(zone);
    results({"2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1"}, kRefused, 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Up, Rung::Up));
    EXPECT_THAT(ask("www.z.test.", Type::A), ElementsAre("www.z.test. 60 A 192.0.2.2"));
    EXPECT_THAT(alarms(), ElementsAre("nearest as-if-up IPv6", "nearest families-split"));
}

/// `api` depends on `db`, and that on `disk`, which alone is checked but for `api`.
ModelZone zone_of_dependents(const std::optional<zones::Health>& api_health) {
    ModelZone zone("z.test.");
    zone.region("first", 0, 0, {"192.0.2.1", "2001:db8::1"})
        .region("second", 10, 10, {"192.0.2.2", "2001:db8::2"});
    zone.policy("nearest");
    zone.steer_by("disk", "disk", 0,
                  {{"first", {"192.0.2.11"}}, {"second", {"192.0.2.12", "2001:db8::12"}}});
    zone.health(test::health_of("/disk"));
    zone.steer_by("db", "db", 0, {{"first", {"192.0.2.21"}}, {"second", {"192.0.2.22"}}});
    zone.last_service().depends = {0};
    zone.steer_by("api", "api", 0, {{"first", {"192.0.2.31"}}, {"second", {"192.0.2.32"}}});
    zone.last_service().depends = {1};
    if (api_health) { zone.health(*api_health); }
    return zone;
}

TEST_F(ServiceBookTest, AServiceIsDownWhereWhatItDependsOnIsDown) {
    serve_and_pass(zone_of_dependents({}));
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.31"));
    EXPECT_THAT(book_.status().regions, ::testing::SizeIs(2)) << "of the checked service alone";
    results({"192.0.2.11"}, kRefused, 3);
    EXPECT_THAT(ask("db.z.test.", Type::A), ElementsAre("db.z.test. 60 A 192.0.2.22"));
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.32"));
    EXPECT_EQ(why("api.z.test.", Type::A).regions[0].note, "is down, since db is down there");
    EXPECT_THAT(alarms(), IsEmpty());
    clock_.seconds += 60;
    results({"192.0.2.11"}, pass(), 2);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.31"));
}

TEST_F(ServiceBookTest, OneFamilyOfADependencyIsEnough) {
    serve_and_pass(zone_of_dependents({}));
    results({"192.0.2.12"}, kRefused, 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Down, Rung::Up, Rung::Up, Rung::Up, Rung::Up));
    results({"2001:db8::12"}, kRefused, 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Down, Rung::Up, Rung::LacksOther, Rung::Up,
                                     Rung::LacksOther));
}

TEST_F(ServiceBookTest, DependenciesThatAreDownEverywhereLeaveTheAnswerOfTheLadder) {
    serve_and_pass(zone_of_dependents({}));
    results({"192.0.2.11", "192.0.2.12", "2001:db8::12"}, kRefused, 3);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.31"));
    EXPECT_THAT(alarms(), Contains("api as-if-up IPv4"));
    ModelZone zone = zone_of_dependents({});
    zone.last_service().last_resort = {IpAddress::parse("192.0.2.99").value()};
    serve(zone);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.99"));
    EXPECT_THAT(alarms(), Contains("api last-resort IPv4"));
}

TEST_F(ServiceBookTest, ADrainOfADependencyIsLookedAtBeforeItIsMade) {
    serve_and_pass(zone_of_dependents(test::health_of("/api")));
    EXPECT_EQ(ask_for(OverrideKind::Drain, "first/disk").result, OverrideResult::Done);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.32"));
    const OverrideOutcome refused = ask_for(OverrideKind::Drain, "second/db");
    EXPECT_NE(refused.result, OverrideResult::Done);
    EXPECT_THAT(refused.preview.stranded, ElementsAre("db (IPv4)", "api (IPv4)"));
}

TEST_F(ServiceBookTest, AForceUpBeatsADependencyAndADrainDoesNotHideIt) {
    serve_and_pass(zone_of_dependents({}));
    results({"192.0.2.11"}, kRefused, 3);
    ask_for(OverrideKind::ForceUp, "first/api");
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.31"));
    ask_for(OverrideKind::Drain, "first/db");
    const std::vector<Rung> now = rungs();
    EXPECT_EQ(now[2], Rung::DrainedDown) << "drained, and down with what it depends on";
    EXPECT_EQ(now[4], Rung::Up);
}

TEST_F(ServiceBookTest, WhereADependencyIsDrainedItsDependentsAnswerBeforeWhatIsDown) {
    serve_and_pass(zone_of_dependents({}));
    ask_for(OverrideKind::Drain, "first/db");
    EXPECT_EQ(rungs()[4], Rung::Drained);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.32"));
    results({"192.0.2.12", "2001:db8::12"}, kRefused, 3);
    EXPECT_EQ(rungs()[5], Rung::LacksOther);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.31"))
        << "all of it works there";
}

TEST_F(ServiceBookTest, WhatAServiceDependsOnIsCheckedWithoutANameOfItsOwn) {
    ModelZone hidden("z.test.");
    hidden.region("first", 0, 0, {"192.0.2.1"}).region("second", 10, 10, {"192.0.2.2"});
    hidden.policy("nearest");
    hidden.steer_by("db", "db", 0, {{"first", {"192.0.2.21"}}, {"second", {"192.0.2.22"}}});
    hidden.health(test::health_of("/db"));
    hidden.steer_by("db", "api", 0, {{"first", {"192.0.2.31"}}, {"second", {"192.0.2.32"}}});
    hidden.last_service().depends = {0};  // the only name is that of `api` now
    serve_and_pass(hidden);
    EXPECT_EQ(book_.targets().size(), 2U);
    results({"192.0.2.21"}, kRefused, 3);
    EXPECT_THAT(ask("db.z.test.", Type::A), ElementsAre("db.z.test. 60 A 192.0.2.32"));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Up, Rung::LacksOther, Rung::Up));
}

TEST_F(ServiceBookTest, WithDependenciesDownEverywhereOwnHealthDecides) {
    serve_and_pass(zone_of_dependents(test::health_of("/api")));
    results({"192.0.2.11", "192.0.2.12", "2001:db8::12"}, kRefused, 3);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.31"));
    results({"192.0.2.31"}, kRefused, 3);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.32"))
        << "it lives, and its database is down there as everywhere";
    EXPECT_THAT(alarms(), Contains("api as-if-up IPv4"));
    EXPECT_EQ(why("api.z.test.", Type::A).regions[1].note,
              "is down, since db is down there, and no region is better off");
    results({"192.0.2.32"}, kRefused, 3);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.31"));
}

TEST_F(ServiceBookTest, OnlyLivingAddressesAnswerWhereADependencyIsDown) {
    ModelZone zone = zone_of_dependents({});
    zone.last_service().addresses[0] = {IpAddress::parse("192.0.2.31").value(),
                                        IpAddress::parse("192.0.2.33").value()};
    zone.health(test::health_of("/api"));
    serve_and_pass(zone);
    results({"192.0.2.11", "192.0.2.12", "2001:db8::12", "192.0.2.31"}, kRefused, 3);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.33"));
}

TEST_F(ServiceBookTest, DependentsWaitWithADependencyForItsRelease) {
    ModelZone zone("z.test.");
    zone.region("first", 0, 0, {"192.0.2.1"}).region("second", 10, 10, {"192.0.2.2"});
    zone.policy("nearest");
    zone.steer_by("db", "db", 0, {{"first", {"192.0.2.21"}}, {"second", {"192.0.2.22"}}});
    zones::Health manual = test::health_of("/db");
    manual.manual_failback = true;
    zone.health(manual);
    zone.steer_by("api", "api", 0, {{"first", {"192.0.2.31"}}, {"second", {"192.0.2.32"}}});
    zone.last_service().depends = {0};
    serve_and_pass(zone);
    results({"192.0.2.21"}, kRefused, 3);
    clock_.seconds += 60;
    results({"192.0.2.21"}, pass(), 2);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Latched, Rung::Up, Rung::Latched, Rung::Up));
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.32"));
    EXPECT_EQ(why("api.z.test.", Type::A).regions[0].note,
              "fell, and waits for `meridian release`, since db does there");
    ask_for({}, "first/db");
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up, Rung::Up));
}

/// IPv6 is in one region alone, so the policy leaves it out everywhere.
TEST_F(ServiceBookTest, AFamilyThatThePolicyOmitsIsNotCheckedAndNoProblem) {
    ModelZone zone = test::zone_of_three({"192.0.2.3"});
    zone.regions()[1].addresses.pop_back();
    zone.policies()[0].missing_family = zones::MissingFamily::Omit;
    serve_and_pass(zone);
    EXPECT_EQ(book_.targets().size(), 3U) << "no answer has the IPv6 address";
    EXPECT_EQ(book_.status().regions[0].families[1].rung, Rung::None);
    EXPECT_THAT(alarms(), IsEmpty());
    results({"192.0.2.1"}, kRefused, 3);
    EXPECT_THAT(ask("www.z.test.", Type::A), ElementsAre("www.z.test. 60 A 192.0.2.2"));
    EXPECT_THAT(ask("www.z.test.", Type::AAAA), IsEmpty());
    EXPECT_THAT(alarms(), IsEmpty());
}

TEST_F(ServiceBookTest, AReleaseShowsThatARegionWaited) {
    ModelZone zone = test::zone_of_three({"192.0.2.31"});
    zones::Health manual = test::health_of("/");
    manual.manual_failback = true;
    zone.health(manual);
    serve_and_pass(zone);
    results({"192.0.2.1"}, kRefused, 3);
    clock_.seconds += 60;
    results({"192.0.2.1"}, pass(), 2);
    const auto preview = ask_for({}, "first").preview;
    EXPECT_THAT(preview.regions[0].before, Contains("latched"));
    EXPECT_THAT(preview.regions[0].after, ElementsAre("up"));
}

}  // namespace
}  // namespace meridian::server
