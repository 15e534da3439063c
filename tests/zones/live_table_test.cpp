// Checks that answers follow what is up, also from one snapshot to the next.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/live_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "meridian/zones/compiler.h"
#include "meridian/zones/serving.h"
#include "meridian/zones/verdict.h"
#include "tests/support/model_zone.h"
#include "tests/support/snapshot_line.h"
#include "tests/support/zone_asker.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

using dns::Type;
using test::ModelZone;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr std::uint64_t kAll = ~std::uint64_t{0};

/// Nobody's place is known here, so all clients get the regions in this order.
ModelZone zone_of_three() {
    ModelZone zone("z.test.");
    zone.region("first", 0, 0, {"192.0.2.1", "2001:db8::1"})
        .region("second", 10, 10, {"2001:db8::2"})
        .region("third", 20, 20, {"192.0.2.31", "192.0.2.32", "192.0.2.33", "192.0.2.34"});
    zone.policy("nearest");
    zone.steer("www", 0);
    return zone;
}

std::shared_ptr<const Snapshot> snapshot_of(const ModelZone& zone) {
    return compile(test::input_of({zone})).value();
}

/// The cell of a region of the first service.
std::uint32_t cell_of(const Snapshot& snapshot, std::string_view region) {
    const ServedService& service = snapshot.data().steering->services.at(0);
    std::uint32_t cell = service.first_cell;
    while (service.region_of(cell).name != region) {
        ++cell;
    }
    return cell;
}

LiveChange down(const Snapshot& snapshot, std::string_view region) {
    return {.cell = cell_of(snapshot, region), .up_addresses = {0, 0}};
}

/// The same snapshot after these changes.
Serving after(const Serving& serving, const std::vector<LiveChange>& changes) {
    return {serving.snapshot(), serving.live()->with(changes)};
}

std::vector<std::string> ask(const Serving& serving, Type type, std::uint32_t now = 0) {
    test::ZoneAsker asker(serving, {.now = now});
    return test::texts_of(asker.ask("www.z.test.", type).answer);
}

class LiveTableTest : public ::testing::Test {
protected:
    Serving steady_{snapshot_of(zone_of_three())};
    const Snapshot& snapshot_ = *steady_.snapshot();
};

TEST_F(LiveTableTest, AllRegionsAreUpAtFirst) {
    EXPECT_THAT(ask(steady_, Type::A), ElementsAre("www.z.test. 60 A 192.0.2.1"));
    EXPECT_THAT(ask(steady_, Type::AAAA), ElementsAre("www.z.test. 60 AAAA 2001:db8::1"));
    const auto cell = cell_of(snapshot_, "second");
    EXPECT_EQ(steady_.live()->up_addresses(cell, 0), 0U) << "it has no IPv4";
    EXPECT_EQ(steady_.live()->up_addresses(cell, 1), 1U);
}

TEST_F(LiveTableTest, AClientGetsTheNextRegionThatIsUpAndHasTheFamily) {
    const Serving served = after(steady_, {down(snapshot_, "first")});
    EXPECT_THAT(ask(served, Type::A),
                UnorderedElementsAre("www.z.test. 60 A 192.0.2.31", "www.z.test. 60 A 192.0.2.32",
                                     "www.z.test. 60 A 192.0.2.33", "www.z.test. 60 A 192.0.2.34"));
    EXPECT_THAT(ask(served, Type::AAAA), ElementsAre("www.z.test. 60 AAAA 2001:db8::2"));
}

TEST_F(LiveTableTest, OneFamilyMayBeDownAlone) {
    const Serving served =
        after(steady_, {{.cell = cell_of(snapshot_, "first"), .up_addresses = {kAll, 0}}});
    EXPECT_THAT(ask(served, Type::A), ElementsAre("www.z.test. 60 A 192.0.2.1"));
    EXPECT_THAT(ask(served, Type::AAAA), ElementsAre("www.z.test. 60 AAAA 2001:db8::2"));
}

TEST_F(LiveTableTest, AnswersAsIfAllWereUpWhileNoneIs) {
    const Serving served = after(
        steady_, {down(snapshot_, "first"), down(snapshot_, "second"), down(snapshot_, "third")});
    EXPECT_THAT(ask(served, Type::A), ElementsAre("www.z.test. 60 A 192.0.2.1"));
    EXPECT_THAT(ask(served, Type::AAAA), ElementsAre("www.z.test. 60 AAAA 2001:db8::1"));
}

TEST_F(LiveTableTest, ARegionThatIsDrainedInItsFileGetsClientsWhileNoOtherIsUp) {
    ModelZone zone = zone_of_three();
    zone.regions()[0].is_drained = true;
    const Serving served(snapshot_of(zone));
    const std::uint32_t first = cell_of(*served.snapshot(), "first");
    EXPECT_EQ(served.live()->cells()[first].standing[0].rung, Rung::Drained);
    EXPECT_THAT(ask(served, Type::AAAA), ElementsAre("www.z.test. 60 AAAA 2001:db8::2"));
    const Serving fallen = after(served, {down(*served.snapshot(), "second")});
    EXPECT_THAT(ask(fallen, Type::AAAA), ElementsAre("www.z.test. 60 AAAA 2001:db8::1"));
}

TEST(LiveTable, ADrainInAFileIsNewSteeringOverTheSameRouteMaps) {
    test::SnapshotLine line;
    ModelZone zone = zone_of_three();
    const auto before = line.next(zone);
    zone.regions()[0].is_drained = true;
    const auto after = line.next(zone);
    EXPECT_FALSE(LiveTable(*before).belongs_to(*after));
    EXPECT_EQ(before->route_maps()[0].routes, after->route_maps()[0].routes);
}

TEST_F(LiveTableTest, DeadAddressesLeaveTheAnswerAndEachLivingOneComesFirstAtTimes) {
    const auto third = cell_of(snapshot_, "third");
    const Serving served =
        after(steady_, {down(snapshot_, "first"), {.cell = third, .up_addresses = {0b1010, kAll}}});
    test::ZoneAsker asker(served);
    std::set<std::string> came_first;
    for (int i = 0; i < 64; ++i) {
        const auto answer = test::texts_of(asker.ask("www.z.test.", Type::A).answer);
        ASSERT_THAT(answer, UnorderedElementsAre("www.z.test. 60 A 192.0.2.32",
                                                 "www.z.test. 60 A 192.0.2.34"));
        came_first.insert(answer[0]);
    }
    EXPECT_EQ(came_first.size(), 2U);
    EXPECT_EQ(served.live()->up_addresses(third, 0), 0b1010U);
}

TEST_F(LiveTableTest, AnAnswerHoldsNoMoreLivingAddressesThanThePolicyAllows) {
    ModelZone zone("z.test.");
    zone.region("only", 0, 0, {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"});
    zone.policy("nearest").max_addresses = 2;
    zone.steer("www", 0);
    const Serving served = after(Serving(snapshot_of(zone)), {{.up_addresses = {0b0111, 0}}});
    test::ZoneAsker asker(served);
    std::set<std::string> seen;
    for (int i = 0; i < 64; ++i) {
        const auto answer = test::texts_of(asker.ask("www.z.test.", Type::A).answer);
        ASSERT_EQ(answer.size(), 2U);
        seen.insert(answer.begin(), answer.end());
    }
    EXPECT_EQ(seen.size(), 3U);
}

TEST_F(LiveTableTest, BitsBeyondTheAddressesDoNotCount) {
    const auto first = cell_of(snapshot_, "first");
    const auto of = [&](std::uint64_t up) {
        return steady_.live()->with(
            std::vector<LiveChange>{{.cell = first, .up_addresses = {up, up}}});
    };
    EXPECT_EQ(of(kAll)->cells()[first].standing[0], FamilyStanding{Rung::Up});
    EXPECT_EQ(of(0b1)->cells()[first].standing[0], FamilyStanding{Rung::Up});
    EXPECT_EQ(of(0b10)->cells()[first].standing[0].rung, Rung::Down);
}

TEST_F(LiveTableTest, TheBestRungAnswersAndOnItTheFirstRegion) {
    const auto first = cell_of(snapshot_, "first");
    const auto third = cell_of(snapshot_, "third");
    const std::vector<Rung> rungs{Rung::Up,          Rung::Latched,    Rung::BelowMinimum,
                                  Rung::Drained,     Rung::LacksOther, Rung::Down,
                                  Rung::DrainedDown, Rung::DownByHand};
    for (const Rung one : rungs) {
        for (const Rung three : rungs) {
            SCOPED_TRACE(static_cast<int>(one) * 10 + static_cast<int>(three));
            const Serving served = after(steady_, {{.cell = first, .rungs = {one, one}},
                                                   {.cell = third, .rungs = {three, three}}});
            EXPECT_EQ(ask(served, Type::A).size(), one <= three ? 1U : 4U);
            EXPECT_THAT(ask(served, Type::AAAA),
                        ElementsAre(one == Rung::Up ? "www.z.test. 60 AAAA 2001:db8::1"
                                                    : "www.z.test. 60 AAAA 2001:db8::2"))
                << "the second region is up";
        }
    }
}

TEST_F(LiveTableTest, BelowTheFirstRungOnlyLivingAddressesAnswer) {
    const auto third = cell_of(snapshot_, "third");
    for (const Rung rung : {Rung::Latched, Rung::BelowMinimum, Rung::Drained, Rung::LacksOther}) {
        const Serving served =
            after(steady_, {down(snapshot_, "first"),
                            {.cell = third, .up_addresses = {0b1000, 0}, .rungs = {rung, rung}}});
        EXPECT_THAT(ask(served, Type::A), ElementsAre("www.z.test. 60 A 192.0.2.34"));
    }
}

TEST_F(LiveTableTest, ADownRegionAnswersWithAllItsAddresses) {
    const LiveChange forced{.cell = cell_of(snapshot_, "first"),
                            .rungs = {Rung::DownByHand, Rung::DownByHand}};
    const Serving served = after(steady_, {forced, down(snapshot_, "third")});
    EXPECT_EQ(ask(served, Type::A).size(), 4U);
    EXPECT_EQ(served.live()->up_addresses(cell_of(snapshot_, "third"), 0), 0b1111U);
}

TEST_F(LiveTableTest, ARegionWithoutUpAddressesIsDownOnWhateverRungItIsPut) {
    for (const Rung rung : {Rung::Up, Rung::Latched, Rung::BelowMinimum, Rung::Drained}) {
        LiveChange change = down(snapshot_, "first");
        change.rungs = {rung, rung};
        const Serving served = after(steady_, {change});
        EXPECT_EQ(served.live()->cells()[change.cell].standing[0].rung, Rung::Down);
    }
}

TEST_F(LiveTableTest, SixtyFourAddressesHaveABitEach) {
    ModelZone zone("z.test.");
    std::vector<std::string> addresses;
    for (int i = 0; i < 64; ++i) {
        addresses.push_back("192.0.2." + std::to_string(i));
    }
    zone.region("only", 0, 0, addresses);
    zone.policy("nearest").max_addresses = 64;
    zone.steer("www", 0);
    const Serving steady(snapshot_of(zone));
    EXPECT_EQ(steady.live()->up_addresses(0, 0), kAll);
    const Serving served = after(steady, {{.up_addresses = {std::uint64_t{1} << 63, 0}}});
    EXPECT_THAT(ask(served, Type::A), ElementsAre("www.z.test. 60 A 192.0.2.63"));
}

TEST_F(LiveTableTest, TheTtlIsTheLowestCeilingOfTheRegionsOnTheWay) {
    const auto with_ceilings = [&](std::uint16_t first, std::uint16_t third, bool first_is_up) {
        LiveChange one = down(snapshot_, "first");
        if (first_is_up) { one.up_addresses = {kAll, kAll}; }
        one.ttl_ceiling_seconds = first;
        const LiveChange three{.cell = cell_of(snapshot_, "third"),
                               .up_addresses = {0b1, 0},
                               .ttl_ceiling_seconds = third};
        return after(steady_, {one, three});
    };
    EXPECT_THAT(ask(with_ceilings(20, 10, true), Type::A),
                ElementsAre("www.z.test. 20 A 192.0.2.1"));
    EXPECT_THAT(ask(with_ceilings(20, 10, false), Type::A),
                ElementsAre("www.z.test. 10 A 192.0.2.31"));
    EXPECT_THAT(ask(with_ceilings(10, 20, false), Type::A),
                ElementsAre("www.z.test. 10 A 192.0.2.31"));
    EXPECT_THAT(ask(with_ceilings(90, 90, true), Type::A),
                ElementsAre("www.z.test. 60 A 192.0.2.1"));
}

TEST_F(LiveTableTest, TheTtlCountsDownToADeadlineAndNeverToZero) {
    LiveChange change{.cell = cell_of(snapshot_, "first"), .ttl_ceiling_seconds = 50};
    change.deadline = 1000;
    const Serving served = after(steady_, {change});
    const auto ttl_at = [&](std::uint32_t now) { return ask(served, Type::A, now).at(0); };
    EXPECT_EQ(ttl_at(100), "www.z.test. 50 A 192.0.2.1");
    EXPECT_EQ(ttl_at(960), "www.z.test. 40 A 192.0.2.1");
    EXPECT_EQ(ttl_at(1000), "www.z.test. 1 A 192.0.2.1");
    EXPECT_EQ(ttl_at(5000), "www.z.test. 1 A 192.0.2.1");
}

TEST_F(LiveTableTest, TheVerdictNamesWhatIsDownAndTheRegionThatAnswered) {
    const auto explain_a = [](const Serving& serving) {
        return explain(serving, {},
                       {test::name("www.z.test."), Type::A, IpAddress::v4(0xc0000235), {}});
    };
    const auto notes_of = [](const Verdict& verdict) {
        std::vector<std::string> notes;
        for (const ConsideredRegion& region : verdict.regions) {
            notes.push_back(region.name + (region.chosen ? " chosen: " : ": ") + region.note);
        }
        return notes;
    };
    const Serving served = after(steady_, {down(snapshot_, "first")});
    const Verdict verdict = explain_a(served);
    EXPECT_THAT(notes_of(verdict),
                ElementsAre("first: is down", "second: has no IPv4 address", "third chosen: "));
    EXPECT_EQ(verdict.answer.size(), 4U);
    const Verdict of_none = explain_a(after(served, {down(snapshot_, "third")}));
    EXPECT_THAT(notes_of(of_none),
                ElementsAre("first chosen: is down, as all are, so all count as up",
                            "second: has no IPv4 address",
                            "third: is down, as all are, so all count as up"));
    EXPECT_THAT(of_none.answer, ElementsAre("www.z.test. 60 IN A 192.0.2.1"));
}

TEST_F(LiveTableTest, ALongTtlIsNoCeiling) {
    ModelZone zone = zone_of_three();
    zone.steer("www", 0, 200'000);
    EXPECT_THAT(ask(Serving(snapshot_of(zone)), Type::A),
                ElementsAre("www.z.test. 200000 A 192.0.2.1"));
}

TEST_F(LiveTableTest, AChangeLeavesOtherCellsAlone) {
    const Serving one = after(steady_, {down(snapshot_, "first")});
    const Serving both = after(one, {down(snapshot_, "third")});
    EXPECT_EQ(both.live()->cells()[cell_of(snapshot_, "first")].standing[0].rung, Rung::Down);
    const Serving back = after(both, {{.cell = cell_of(snapshot_, "first")}});
    EXPECT_THAT(ask(back, Type::A), ElementsAre("www.z.test. 60 A 192.0.2.1"));
    EXPECT_EQ(back.live()->cells()[cell_of(snapshot_, "third")].standing[0].rung, Rung::Down);
    EXPECT_THAT(ask(steady_, Type::A), ElementsAre("www.z.test. 60 A 192.0.2.1"))
        << "a table that is served does not change";
}

TEST_F(LiveTableTest, ServicesOfOneRegionShareItsImages) {
    ModelZone zone = zone_of_three();
    zone.steer("api", 0, 30);
    const auto snapshot = snapshot_of(zone);
    const Steering& steering = *snapshot->data().steering;
    ASSERT_EQ(steering.services.size(), 2U);
    for (std::size_t region = 0; region < 3; ++region) {
        EXPECT_EQ(steering.services[0].images[region], steering.services[1].images[region]);
    }
    test::ZoneAsker asker(snapshot);
    EXPECT_THAT(test::texts_of(asker.ask("api.z.test.", Type::A).answer),
                ElementsAre("api.z.test. 30 A 192.0.2.1"));
}

TEST(LiveTable, StaysTheSameWhereTheSteeringDoes) {
    test::SnapshotLine line;
    const Serving before(line.next(zone_of_three()));
    ModelZone edited = zone_of_three();
    edited.record("mail", Type::A, "192.0.2.25");
    EXPECT_TRUE(before.live()->belongs_to(*line.next(edited)));
}

TEST(LiveTableDeathTest, ATableOfAnotherSteeringIsOurMistake) {
    const Serving one(snapshot_of(zone_of_three()));
    const auto other = snapshot_of(zone_of_three());
    EXPECT_DEATH(Serving(other, one.live()), "assertion failed");
}

}  // namespace
}  // namespace meridian::zones
