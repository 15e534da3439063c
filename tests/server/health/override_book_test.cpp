// Checks what overrides make of live tables, with checks and without.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "server/health/health_book.h"
#include "server/health/override_request.h"
#include "tests/server/health/book_fixture.h"

namespace meridian::server {
namespace {

using test::fail;
using test::kStart;
using test::ModelZone;
using test::pass;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using zones::Rung;

/// A check that forgives a fall soon.
zones::Health health_of_test() {
    zones::Health health = test::health_of("/");
    health.timing.hold = std::chrono::seconds(1);
    return health;
}

ModelZone zone_of_three(bool is_checked) {
    return test::zone_of_three({"192.0.2.31", "192.0.2.32", "192.0.2.33"},
                               is_checked ? std::optional(health_of_test()) : std::nullopt);
}

class OverrideBookTest : public test::BookTest {
protected:
    OverrideOutcome ask(std::optional<OverrideKind> kind, const std::string& target,
                        std::int64_t seconds = 0, bool force = false) {
        const OverrideRequest request{.kind = kind,
                                      .target = parse_override_target(target).value(),
                                      .seconds = seconds,
                                      .author = "alice",
                                      .reason = "why not",
                                      .force = force};
        OverrideOutcome outcome = carry_out(request, book_, kStart + clock_.seconds);
        publish();
        return outcome;
    }
    OverrideOutcome drain(const std::string& target, std::int64_t seconds = 0) {
        return ask(OverrideKind::Drain, target, seconds);
    }
};

TEST_F(OverrideBookTest, WithoutChecksADrainTakesARegionOutAndAReleaseBringsItBack) {
    serve(zone_of_three(false));
    EXPECT_EQ(drain("first").result, OverrideResult::Done);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Drained, Rung::Up, Rung::Up));
    EXPECT_THAT(rungs(1), ElementsAre(Rung::Drained, Rung::Up, Rung::None));
    const HealthStatus status = book_.status();
    ASSERT_THAT(status.regions, SizeIs(1)) << "only what something was set for";
    EXPECT_EQ(status.regions[0].region, "first");
    EXPECT_FALSE(has_problem(status)) << "a drain is meant";
    EXPECT_EQ(ask({}, "first").result, OverrideResult::Done);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    EXPECT_THAT(book_.status().regions, IsEmpty());
}

TEST_F(OverrideBookTest, ADrainedRegionWhoseChecksFailIsDownByHand) {
    serve(zone_of_three(true));
    pass_all(2);
    drain("first");
    EXPECT_THAT(rungs(), ElementsAre(Rung::Drained, Rung::Up, Rung::Up));
    results({"192.0.2.1"}, fail(FailureKind::Refused), 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::DrainedDown, Rung::Up, Rung::Up));
    EXPECT_THAT(rungs(1), ElementsAre(Rung::Drained, Rung::Up, Rung::None));
}

TEST_F(OverrideBookTest, AForceDownIsHarderThanADrainAndADrainBeatsAForceUp) {
    serve(zone_of_three(true));
    pass_all(2);
    results({"192.0.2.1"}, fail(FailureKind::Refused), 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Up, Rung::Up));
    ask(OverrideKind::ForceUp, "first", 60);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    drain("first");
    EXPECT_THAT(rungs(), ElementsAre(Rung::Drained, Rung::Up, Rung::Up));
    ask(OverrideKind::ForceDown, "fir*", 60);
    EXPECT_THAT(rungs(), ElementsAre(Rung::DownByHand, Rung::Up, Rung::Up));
}

TEST_F(OverrideBookTest, AForceUpBringsAllAddressesOfARegion) {
    serve(zone_of_three(true));
    pass_all(2);
    results({"192.0.2.31", "192.0.2.32"}, fail(FailureKind::Refused), 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::BelowMinimum));
    ask(OverrideKind::ForceUp, "third/nearest", 60);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    EXPECT_EQ(third_up(), 0b111U);
}

TEST_F(OverrideBookTest, OneAddressLeavesTheAnswerWhileOthersOfItsFamilyAreUp) {
    serve(zone_of_three(true));
    pass_all(2);
    drain("third/*/192.0.2.31");
    EXPECT_EQ(third_up(), 0b110U);
    results({"192.0.2.33"}, fail(FailureKind::Refused), 3);
    EXPECT_EQ(third_up(), 0b010U);
    EXPECT_EQ(rungs()[2], Rung::Up) << "1 of 2: a drained one counts in no share";
    results({"192.0.2.32"}, fail(FailureKind::Refused), 3);
    EXPECT_EQ(rungs()[2], Rung::Drained);
    EXPECT_EQ(third_up(), 0b001U) << "the one that was drained still passes";
    ask(OverrideKind::ForceUp, "third/nearest/192.0.2.33", 60);
    EXPECT_EQ(rungs()[2], Rung::Up);
    EXPECT_EQ(third_up(), 0b100U);
}

TEST_F(OverrideBookTest, ARegionOfWhichEachAddressIsForcedDownIsDownByHand) {
    serve(zone_of_three(false));
    ask(OverrideKind::ForceDown, "third/nearest/192.0.2.*", 60);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::DownByHand));
    EXPECT_FALSE(has_problem(book_.status()));
}

TEST_F(OverrideBookTest, TheLastRegionThatIsUpStaysUnlessItIsForced) {
    serve(zone_of_three(false));
    EXPECT_EQ(drain("second").result, OverrideResult::Done);
    const OverrideOutcome refused = drain("first");
    EXPECT_EQ(refused.result, OverrideResult::Refused) << "only it has IPv6 up";
    EXPECT_THAT(refused.preview.stranded, ElementsAre("nearest (IPv6)"));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Drained, Rung::Up)) << "nothing is changed";
    EXPECT_EQ(book_.overrides().size(), 1U);
    EXPECT_EQ(ask(OverrideKind::Drain, "first", 0, true).result, OverrideResult::Done);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Drained, Rung::Drained, Rung::Up));
    EXPECT_EQ(ask(OverrideKind::ForceUp, "second", 9).result, OverrideResult::Done)
        << "IPv6 had no region up before";
}

TEST_F(OverrideBookTest, ADryRunSaysWhatItWouldDoAndChangesNothing) {
    serve(zone_of_three(true));
    const OverrideRequest request{.kind = OverrideKind::Drain,
                                  .target = parse_override_target("f*").value(),
                                  .dry_run = true};
    const OverrideOutcome outcome = carry_out(request, book_, kStart);
    EXPECT_EQ(outcome.result, OverrideResult::DryRun);
    ASSERT_THAT(outcome.preview.regions, SizeIs(1));
    const HitRegion& hit = outcome.preview.regions.front();
    EXPECT_EQ(hit.region, "first");
    EXPECT_EQ(hit.file, "z.test..toml");
    EXPECT_THAT(hit.services, ElementsAre("nearest"));
    EXPECT_THAT(hit.before, ElementsAre("up"));
    EXPECT_THAT(hit.after, ElementsAre("drained"));
    EXPECT_THAT(book_.overrides(), IsEmpty());
    publish();
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
}

TEST_F(OverrideBookTest, ATargetThatMatchesNothingGetsTheNearestSpelling) {
    serve(zone_of_three(true));
    EXPECT_THAT(drain("frist").problem,
                HasSubstr("no region is called \"frist\"; did you mean \"first\"?"));
    EXPECT_THAT(drain("first/nearst").problem, HasSubstr("did you mean \"nearest\"?"));
    EXPECT_THAT(drain("first/*/192.0.2.2").problem,
                HasSubstr("no address there is called \"192.0.2.2\""));
    EXPECT_THAT(drain("y.toml:first").problem, HasSubstr("no file with that region"));
    EXPECT_EQ(drain("frist").result, OverrideResult::Nothing);
    drain("second");
    EXPECT_THAT(ask({}, "secnd").problem,
                HasSubstr("nothing is set by hand for \"secnd\"; did you mean \"second\"?"));
    EXPECT_THAT(book_.overrides(), SizeIs(1));
}

TEST_F(OverrideBookTest, AnOverrideEndsByItself) {
    serve(zone_of_three(false));
    drain("first", 100);
    clock_.seconds = 99;
    EXPECT_THAT(book_.keep_time().ended, IsEmpty());
    clock_.seconds = 100;
    EXPECT_THAT(book_.keep_time().ended, SizeIs(1));
    publish();
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    EXPECT_THAT(book_.overrides(), IsEmpty());
}

TEST_F(OverrideBookTest, SettingTheClockForwardEndsNoDrain) {
    serve(zone_of_three(false));
    drain("first", 100);
    clock_.date_ahead = 3'600;
    EXPECT_THAT(book_.keep_time().ended, IsEmpty());
    EXPECT_EQ(book_.status().overrides.at(0).entry.until, kStart + 3'700) << "by the new date";
    clock_.is_trusted = false;
    clock_.seconds = 100;
    EXPECT_THAT(book_.keep_time().ended, SizeIs(1)) << "it needs no date";
}

TEST_F(OverrideBookTest, WhatAFileEndsByTheDateWaitsForADateThatIsTrusted) {
    serve(zone_of_three(false));
    clock_.is_trusted = false;
    Override entry{
        .target = parse_override_target("first").value(), .until = kStart - 10, .file = "o.toml"};
    EXPECT_THAT(book_.set_file_overrides({entry}).begun, SizeIs(1)) << "what stands there holds";
    EXPECT_THAT(book_.keep_time().ended, IsEmpty());
    clock_.is_trusted = true;
    EXPECT_THAT(book_.keep_time().ended, SizeIs(1));
}

/// A window of the first region, in seconds from the start of the test.
ModelZone zone_with_window(std::int64_t from, std::int64_t until, bool is_checked = false) {
    ModelZone zone = zone_of_three(is_checked);
    zone.maintenance("first",
                     {.from = kStart + from, .until = kStart + until, .reason = "switches"});
    return zone;
}

TEST_F(OverrideBookTest, AWindowDrainsItsRegionFromItsBeginToItsEnd) {
    serve(zone_with_window(100, 200));
    clock_.seconds = 99;
    EXPECT_THAT(book_.keep_time().begun, IsEmpty());
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    HealthStatus status = book_.status();
    ASSERT_THAT(status.overrides, SizeIs(1));
    EXPECT_TRUE(status.overrides[0].is_planned);
    EXPECT_FALSE(has_problem(status)) << "a plan is meant";
    clock_.seconds = 100;
    EXPECT_THAT(book_.keep_time().begun, SizeIs(1));
    publish();
    EXPECT_THAT(rungs(), ElementsAre(Rung::Drained, Rung::Up, Rung::Up));
    EXPECT_THAT(rungs(1), ElementsAre(Rung::Drained, Rung::Up, Rung::None));
    status = book_.status();
    ASSERT_THAT(status.overrides, SizeIs(1));
    EXPECT_FALSE(status.overrides[0].is_planned);
    EXPECT_FALSE(has_problem(status));
    EXPECT_THAT(without_files(book_.overrides()), IsEmpty()) << "the file has it";
    EXPECT_THAT(book_.keep_time().begun, IsEmpty()) << "once";
    clock_.seconds = 200;
    EXPECT_THAT(book_.keep_time().ended, SizeIs(1));
    publish();
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    EXPECT_THAT(book_.status().overrides, IsEmpty());
}

TEST_F(OverrideBookTest, ADrainThatAWindowWouldMeetLaterIsRefusedLikeOneThatMeetsItNow) {
    serve(zone_with_window(100, 200));
    EXPECT_EQ(drain("second", 100).result, OverrideResult::Done) << "over when the window begins";
    EXPECT_EQ(ask({}, "second").result, OverrideResult::Done);
    for (const std::int64_t seconds : {101, 0}) {
        const OverrideOutcome outcome = drain("second", seconds);
        EXPECT_EQ(outcome.result, OverrideResult::Refused);
        EXPECT_THAT(outcome.preview.stranded,
                    ElementsAre("nearest (IPv6) in the maintenance from 1970-01-12T13:48:20Z on"));
    }
    EXPECT_EQ(ask(OverrideKind::ForceDown, "second", 150).result, OverrideResult::Refused);
    EXPECT_EQ(drain("third").result, OverrideResult::Done) << "it is the IPv6 that is missing then";
    EXPECT_EQ(ask(OverrideKind::Drain, "second", 0, true).result, OverrideResult::Done);
}

TEST_F(OverrideBookTest, AWindowThatHoldsAtTheStartHoldsInTheFirstAnswer) {
    clock_.is_trusted = false;
    serve(zone_with_window(-10, 200));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Drained, Rung::Up, Rung::Up));
    EXPECT_THAT(book_.take_window_edits().begun, SizeIs(1));
    clock_.seconds = 300;
    EXPECT_THAT(book_.keep_time().ended, IsEmpty()) << "the date is not trusted";
    clock_.is_trusted = true;
    EXPECT_THAT(book_.keep_time().ended, SizeIs(1));
}

TEST_F(OverrideBookTest, AWindowBeginsWithNoDateThatIsNotTrusted) {
    clock_.is_trusted = false;
    serve(zone_with_window(100, 200));
    clock_.seconds = 150;
    EXPECT_THAT(book_.keep_time().begun, IsEmpty());
    serve(zone_with_window(120, 200));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up))
        << "an edit begins none, either";
    clock_.is_trusted = true;
    EXPECT_THAT(book_.keep_time().begun, SizeIs(1));
}

TEST_F(OverrideBookTest, AnEditBeginsAndEndsAWindowAtOnce) {
    serve(zone_of_three(false));
    serve(zone_with_window(-10, 200));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Drained, Rung::Up, Rung::Up));
    EXPECT_THAT(book_.take_window_edits().begun, SizeIs(1));
    serve(zone_of_three(false));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
    const FileChange edits = book_.take_window_edits();
    EXPECT_THAT(edits.begun, IsEmpty());
    EXPECT_THAT(edits.ended, SizeIs(1));
}

TEST_F(OverrideBookTest, AfterAWindowARegionNeedsSuccessesInARow) {
    serve(zone_with_window(100, 200, true));
    pass_all(2);
    clock_.seconds = 150;
    book_.keep_time();
    publish();
    results({"192.0.2.1"}, fail(FailureKind::TimedOut));
    clock_.seconds = 200;
    EXPECT_THAT(book_.keep_time().ended, SizeIs(1));
    publish();
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Up, Rung::Up));
    results({"192.0.2.1"}, pass(), 2);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
}

TEST_F(OverrideBookTest, AReleaseLeavesAWindowAndADrainBesideItIsRefused) {
    serve(zone_with_window(-10, 200));
    const OverrideOutcome release = ask({}, "first");
    EXPECT_EQ(release.result, OverrideResult::Nothing);
    ASSERT_THAT(release.in_files, SizeIs(1));
    EXPECT_TRUE(release.in_files[0].is_maintenance);
    EXPECT_EQ(drain("second").result, OverrideResult::Refused) << "no IPv6 would be left";
}

TEST_F(OverrideBookTest, ARegionThatWasDrainedNeedsSuccessesInARowBeforeItIsBack) {
    serve(zone_of_three(true));
    pass_all(2);
    drain("first");
    results({"192.0.2.1"}, fail(FailureKind::TimedOut));  // one, which is no fall
    results({"192.0.2.1"}, pass());
    ask({}, "first");
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Up, Rung::Up)) << "1 of 2 in a row";
    EXPECT_EQ(rungs(1)[0], Rung::Up) << "its IPv6 passed all the time";
    results({"192.0.2.1"}, pass(), 2);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
}

TEST_F(OverrideBookTest, OneThatMatchesNothingAnyMoreStaysAndIsAProblem) {
    serve(zone_of_three(false));
    drain("third");
    ModelZone zone("z.test.");
    zone.region("first", 0, 0, {"192.0.2.1"}).region("new", 20, 20, {"192.0.2.31"});
    zone.policy("nearest");
    zone.steer("www", 0);
    serve(zone);
    ASSERT_THAT(book_.status().overrides, SizeIs(1));
    EXPECT_TRUE(book_.status().overrides[0].matches_nothing);
    EXPECT_TRUE(has_problem(book_.status()));
    serve(zone_of_three(false));
    EXPECT_FALSE(book_.status().overrides[0].matches_nothing);
    EXPECT_EQ(rungs()[2], Rung::Drained) << "it holds for the region that came back";
}

TEST_F(OverrideBookTest, AGlobMatchesWhatIsAddedLater) {
    serve(zone_of_three(true));
    drain("thi*");
    ModelZone zone("z.test.");
    zone.region("first", 0, 0, {"192.0.2.1"}).region("thither", 20, 20, {"192.0.2.77"});
    zone.policy("nearest");
    zone.steer("www", 0);
    serve(zone);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Drained));
}

TEST_F(OverrideBookTest, AReleaseEndsTheWaitOfARegionThatFell) {
    ModelZone zone = zone_of_three(false);
    zones::Health health = health_of_test();
    health.manual_failback = true;
    zone.health(health);
    serve(zone);
    pass_all(2);
    results({"192.0.2.1"}, fail(FailureKind::Refused), 3);
    results({"192.0.2.1"}, pass(), 3);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Latched, Rung::Up, Rung::Up));
    EXPECT_EQ(ask({}, "second").result, OverrideResult::Nothing);
    EXPECT_EQ(ask({}, "first").let_back, 1U);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up, Rung::Up));
}

TEST_F(OverrideBookTest, WhatWasSetBeforeTheStartHoldsFromTheFirstAnswerOn) {
    book_.set_overrides(
        {{.kind = OverrideKind::Drain, .target = parse_override_target("second").value()}});
    serve(zone_of_three(false));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Drained, Rung::Up));
}

}  // namespace
}  // namespace meridian::server
