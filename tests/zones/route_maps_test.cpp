// Tests which policies have a table of their own, which share one, and what a reload takes over.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/compiler/route_maps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/naive_routes.h"
#include "tests/support/zone_asker.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

using test::ModelZone;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// Some places of the world, a /24 each.
std::shared_ptr<const geo::Atlas> some_atlas() {
    std::vector<test::PlacedPrefix> world;
    std::uint32_t block = 0x1400'0000;
    for (int latitude = -60; latitude < 70; latitude += 20) {
        for (int longitude = -180; longitude < 180; longitude += 30) {
            geo::Location location;
            location.has_coordinates = true;
            location.at = {static_cast<double>(latitude), static_cast<double>(longitude)};
            world.push_back({{IpAddress::v4(block), 24}, location});
            block += 256;
        }
    }
    return std::make_shared<geo::Atlas>(test::atlas_of(world));
}

/// A zone with as many policies, no two of which rank alike; the numbers are theirs in all zones.
ModelZone zone_with(const std::vector<unsigned>& policies, const std::string& apex = "z.test.") {
    ModelZone zone(apex);
    zone.region("virginia", 38.95, -77.45, {"192.0.2.1"})
        .region("frankfurt", 50.03, 8.57, {"192.0.2.2"})
        .region("singapore", 1.36, 103.99, {"192.0.2.3"})
        .region("sydney", -33.94, 151.17, {"192.0.2.4"})
        .region("tokyo", 35.55, 139.78, {"192.0.2.5"});
    for (std::size_t i = 0; i < policies.size(); ++i) {
        std::vector<std::size_t> order{0, 1, 2, 3, 4};
        for (unsigned step = 0; step < policies[i]; ++step) {
            std::ranges::next_permutation(order);
        }
        const std::string name = "p" + std::to_string(policies[i]);
        zone.policy(name).default_order = order;
        zone.steer("www-" + name, i);
    }
    return zone;
}

std::vector<unsigned> numbers(unsigned first, unsigned end) {
    std::vector<unsigned> numbers;
    for (unsigned number = first; number < end; ++number) {
        numbers.push_back(number);
    }
    return numbers;
}

class RouteMaps : public ::testing::Test {
protected:
    void compile_all(const std::vector<ModelZone>& zones) {
        CompileInput input = test::input_of(zones);
        input.atlas = atlas_;
        input.previous = snapshot_;
        input.own_table_octets = own_table_octets_;
        input.max_table_octets = max_table_octets_;
        input.find_table = [this](const geo::Policy&) {
            ++looks_;
            return std::shared_ptr<const geo::RouteMap>();
        };
        before_ = tables();
        auto compiled = compile(input);
        reported_ = compiled ? Diagnostics() : compiled.error();
        if (compiled) { snapshot_ = *compiled; }
    }
    void compile_one(const std::vector<unsigned>& policies) { compile_all({zone_with(policies)}); }

    /// The table of each policy, by its name.
    [[nodiscard]] std::map<std::string, const void*> tables() const {
        std::map<std::string, const void*> tables;
        if (!snapshot_) { return tables; }
        for (const PolicyTable& table : snapshot_->data().steering->tables) {
            tables[table.policy->name] = table.routes->table();
        }
        return tables;
    }
    /// How many policies each table has, most first.
    [[nodiscard]] std::vector<int> sizes() const {
        std::map<const void*, int> counts;
        for (const auto& [name, table] : tables()) {
            ++counts[table];
        }
        std::vector<int> sizes;
        for (const auto& [table, count] : counts) {
            sizes.push_back(count);
        }
        std::ranges::sort(sizes, std::greater());
        return sizes;
    }
    /// The policies that have another table than before the last time.
    [[nodiscard]] std::set<std::string> moved() const {
        std::set<std::string> moved;
        for (const auto& [name, table] : tables()) {
            const auto before = before_.find(name);
            if (before == before_.end() || before->second != table) { moved.insert(name); }
        }
        return moved;
    }

    std::shared_ptr<const geo::Atlas> atlas_ = some_atlas();
    std::shared_ptr<const Snapshot> snapshot_;
    std::map<std::string, const void*> before_;
    std::size_t own_table_octets_ = 0;
    std::size_t max_table_octets_ = kMaxTableOctets;
    Diagnostics reported_;
    int looks_ = 0;  ///< For a table that is kept somewhere.
};

TEST_F(RouteMaps, AreTheirOwnWithinTheBudget) {
    own_table_octets_ = kOwnTableOctets;
    compile_one(numbers(0, 4));
    EXPECT_THAT(sizes(), ElementsAre(1, 1, 1, 1));
    EXPECT_EQ(looks_, 4);
}

TEST_F(RouteMaps, ShareATableBeyondTheBudget) {
    own_table_octets_ = 1;  // the first one is made before its size is known
    compile_one(numbers(0, 8));
    EXPECT_THAT(sizes(), ElementsAre(7, 1));
    EXPECT_EQ(looks_, 1) << "a joint one is kept nowhere";
    const SnapshotInfo info = snapshot_->info();
    const std::size_t one = snapshot_->route_maps().at(0).routes->table_octets();
    EXPECT_GE(info.table_octets, 2 * one);
    EXPECT_LT(info.table_octets, 3 * one) << "the joint one counts once";
}

TEST_F(RouteMaps, ShareATableBetweenSixteenAtMost) {
    compile_one(numbers(0, 2 * kMaxJointPolicies + 1));
    EXPECT_THAT(sizes(), ElementsAre(16, 16, 1));
}

TEST_F(RouteMaps, AnswerTheSameHoweverTheyAreKept) {
    const std::vector<ModelZone> zones{zone_with(numbers(0, 6))};
    CompileInput input = test::input_of(zones);
    input.atlas = atlas_;
    test::ZoneAsker own(compile(input).value());
    input.own_table_octets = 0;
    test::ZoneAsker joint(compile(input).value());
    for (unsigned block = 0; block < 90; ++block) {
        for (unsigned policy = 0; policy < 6; ++policy) {
            const std::string name = "www-p" + std::to_string(policy) + ".z.test.";
            tests::QueryOptions options;
            options.client_subnet = IpPrefix{IpAddress::v4(0x1400'0000 + (block << 8)), 24};
            const auto expected = own.ask(name, dns::Type::A, options);
            ASSERT_EQ(test::texts_of(joint.ask(name, dns::Type::A, options).answer),
                      test::texts_of(expected.answer))
                << name << " " << block;
        }
    }
}

TEST_F(RouteMaps, StayWhereNothingChanged) {
    own_table_octets_ = 1;
    compile_one(numbers(0, 40));
    EXPECT_THAT(sizes(), ElementsAre(16, 16, 7, 1));
    compile_one(numbers(0, 40));
    EXPECT_THAT(moved(), IsEmpty());
    std::vector<unsigned> other_way_round = numbers(0, 40);
    std::ranges::reverse(other_way_round);
    compile_one(other_way_round);
    EXPECT_THAT(moved(), IsEmpty());
}

TEST_F(RouteMaps, OfAnotherAtlasAreMadeAnew) {
    compile_one(numbers(0, 3));
    const auto first = snapshot_;  // or the new tables might lie where these did
    atlas_ = some_atlas();
    compile_one(numbers(0, 3));
    EXPECT_THAT(moved(), UnorderedElementsAre("p0", "p1", "p2"));
}

TEST_F(RouteMaps, OfItsOwnIsTheOnlyOneThatAnEditMakesAnew) {
    own_table_octets_ = kOwnTableOctets;
    compile_one({0, 1, 2});
    const auto first = snapshot_;
    compile_one({0, 77, 2});
    EXPECT_THAT(moved(), UnorderedElementsAre("p77"));
}

TEST_F(RouteMaps, OfOneTableAreMadeAnewWithTheOneThatWasEdited) {
    compile_one(numbers(0, 2 * kMaxJointPolicies));
    const auto first = snapshot_;
    const auto table_of_3 = tables().at("p3");
    std::vector<unsigned> edited = numbers(0, 2 * kMaxJointPolicies);
    edited[3] = 77;
    compile_one(edited);
    EXPECT_THAT(sizes(), ElementsAre(16, 16));
    EXPECT_THAT(moved(), testing::SizeIs(16));
    EXPECT_THAT(moved(), testing::Contains("p77"));
    for (const auto& [name, table] : tables()) {
        EXPECT_NE(table, table_of_3) << name << " keeps what p3 had in memory";
    }
}

TEST_F(RouteMaps, ThatAreNewJoinTheTableThatHasRoom) {
    compile_one(numbers(0, 18));
    EXPECT_THAT(sizes(), ElementsAre(16, 2));
    for (unsigned count = 19; count < 40; ++count) {  // one by one
        const auto before = snapshot_;
        compile_one(numbers(0, count));
    }
    EXPECT_THAT(sizes(), ElementsAre(16, 16, 7));
}

TEST_F(RouteMaps, OfZonesThatRankAlikeAreOne) {
    compile_all({zone_with({0, 1}), zone_with({1, 2}, "y.test.")});
    EXPECT_THAT(sizes(), ElementsAre(3));
    EXPECT_EQ(snapshot_->route_maps().size(), 3U);
}

TEST_F(RouteMaps, GetTablesOfTheirOwnWhenTheBudgetHasRoomAgain) {
    own_table_octets_ = 1;
    compile_one(numbers(0, 6));
    EXPECT_THAT(sizes(), ElementsAre(5, 1));
    compile_one({4, 5});
    EXPECT_THAT(sizes(), ElementsAre(1, 1));
}

TEST_F(RouteMaps, BeyondTheirBoundAreAnErrorOfEachZoneThatUsesThem) {
    compile_one(numbers(0, 32));
    max_table_octets_ = snapshot_->info().table_octets;  // which leaves no room for another one
    compile_one(numbers(0, 32));
    EXPECT_THAT(reported_, IsEmpty());
    EXPECT_THAT(sizes(), ElementsAre(16, 16));

    const auto before = snapshot_;
    compile_all({zone_with(numbers(0, 33)), zone_with({32}, "y.test."), zone_with({3}, "x.test.")});
    ASSERT_THAT(reported_, testing::SizeIs(2));
    EXPECT_EQ(snapshot_, before);
    for (const Diagnostic& reported : reported_) {
        EXPECT_EQ(reported.code, "too-many-tables");
        EXPECT_EQ(reported.key, "policies.p32");
        EXPECT_EQ(reported.text, "no room for this policy: tables of all policies take at most " +
                                     std::to_string(max_table_octets_ >> 20) + " MiB");
        EXPECT_THAT(reported.hint, testing::HasSubstr("`use`"));
    }
    EXPECT_NE(reported_[0].file, reported_[1].file);

    compile_all({zone_with(numbers(0, 32)), zone_with({31}, "y.test.")});
    EXPECT_THAT(reported_, IsEmpty()) << "zones that share policies share tables";
}

TEST_F(RouteMaps, ThatManyPoliciesShareCountOnceEach) {
    compile_one(numbers(0, 32));
    max_table_octets_ = snapshot_->info().table_octets;
    snapshot_ = nullptr;
    compile_one(numbers(0, 33));
    EXPECT_THAT(reported_, testing::SizeIs(1)) << "two tables of one load fill the bound";
    compile_one(numbers(0, 32));
    ASSERT_THAT(reported_, IsEmpty());
    ++max_table_octets_;
    compile_one(numbers(0, 33));
    EXPECT_THAT(reported_, IsEmpty()) << "two tables that are there count as two, not as 32";
}

TEST_F(RouteMaps, OfTheirOwnCountToo) {
    own_table_octets_ = kOwnTableOctets;
    compile_one({0});
    own_table_octets_ = 3 * snapshot_->info().table_octets;
    max_table_octets_ = 2 * snapshot_->info().table_octets;
    compile_one(numbers(0, 3));
    EXPECT_THAT(reported_, IsEmpty()) << "those of their own have a budget below the bound";
    compile_one(numbers(0, 20));
    EXPECT_THAT(reported_, testing::SizeIs(17));
}

}  // namespace
}  // namespace meridian::zones
