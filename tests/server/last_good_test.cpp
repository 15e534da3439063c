// Checks that a start finds what was served last.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/last_good.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include "tests/server/last_good_servers.h"

namespace meridian::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST_F(LastGoodTest, AZoneWithAnErrorIsAsItWasServedLast) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    write_zone("b.toml", zone_text("b.example", "192.0.2.1"));
    start_well();
    write_zone("a.toml", "zone = \n");
    const LoadReport report = start();
    EXPECT_EQ(zone_count(report), 2U) << told(report);
    EXPECT_FALSE(report.clean());
    EXPECT_THAT(told(report), HasSubstr("a.toml:1:8: error"));
    EXPECT_THAT(told(report),
                HasSubstr("a.toml: warning: the version of this file that was served last"));

    EXPECT_EQ(zone_count(start()), 2U) << "the next start still has it";
    write_zone("a.toml", zone_text("a.example", "192.0.2.2"));
    start_well();
}

TEST_F(LastGoodTest, ANewZoneWithAnErrorStopsNobody) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    start_well();
    write_zone("b.toml", "zone = \n");
    EXPECT_EQ(zone_count(start()), 1U);
}

TEST_F(LastGoodTest, WhereNothingWasServedAnErrorStopsTheStart) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    write_zone("b.toml", "zone = \n");
    EXPECT_FALSE(start().snapshot);
    EXPECT_FALSE(start().snapshot);
}

TEST_F(LastGoodTest, LibrariesAndMasterFilesGoWithTheirZone) {
    write_zone("world/all.toml", "[ttl]\nstatic = 77\n");
    write_zone("parts/a.zone", "$INCLUDE more\n");
    write_zone("parts/more", "text TXT included\n");
    write_zone("a.toml", zone_text("a.example", "192.0.2.1",
                                   "use = \"world/all.toml\"\nrecords_from = \"parts/a.zone\"\n"));
    write_zone("b.example.zone", "@ SOA a b 1 2 3 4 5\n@ NS ns.example.net.\nwww A 192.0.2.1\n");
    start_well();
    EXPECT_THAT(texts(), SizeIs(5));
    write_zone("world/all.toml", "[ttl]\nstatic = \n");
    fs::remove_all(directory_.path("zones/parts"));
    write_zone("b.example.zone", "@ SOA\n");
    const LoadReport report = start();
    EXPECT_EQ(zone_count(report), 2U) << told(report);
    EXPECT_THAT(texts(), SizeIs(5)) << "the good texts stay, the bad ones do not come";
}

TEST_F(LastGoodTest, ZonesThatAreGoneByAccidentAreServedOn) {
    for (int i = 0; i < 5; ++i) {
        const std::string name = "z" + std::to_string(i);
        write_zone(name + ".toml", zone_text(name + ".example", "192.0.2.1"));
    }
    start_well();
    fs::remove(directory_.path("zones/z0.toml"));
    const LoadReport one = start();
    EXPECT_EQ(zone_count(one), 4U);
    EXPECT_TRUE(one.clean()) << "one of five may go";

    fs::remove(directory_.path("zones/z1.toml"));
    fs::remove(directory_.path("zones/z2.toml"));
    const LoadReport two = start();
    EXPECT_EQ(zone_count(two), 4U);
    EXPECT_THAT(two.files(FileFate::HeldBack), SizeIs(2));
    EXPECT_THAT(told(two), HasSubstr("2 of 4 zones would be gone"));

    fs::remove_all(directory_.path("zones"));
    const LoadReport all = start();
    EXPECT_EQ(zone_count(all), 4U);
    EXPECT_THAT(told(all), HasSubstr("cannot read the zones directory"));
    EXPECT_THAT(told(all), HasSubstr("; what was served last is still served"));
    EXPECT_THAT(told(all), Not(HasSubstr("--force"))) << "errors are never forced";

    // Serving it loses none of that, and a forced reload removes it.
    fs::create_directory(directory_.path("zones"));
    write_zone("z3.toml", zone_text("z3.example", "192.0.2.1"));
    EXPECT_EQ(zone_count(start()), 4U);
    EXPECT_EQ(zone_count(data_->reload(true)), 1U);
    ASSERT_TRUE(data_->save_state());
    start_well();
    EXPECT_THAT(texts(), SizeIs(1));
}

TEST_F(LastGoodTest, AZoneThatIsEmptiedIsServedOn) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    start_well();
    write_zone(
        "a.toml",
        "zone = \"a.example\"\nnameservers = [\"ns1.example.net.\", \"ns2.example.net.\"]\n");
    const LoadReport report = start();
    EXPECT_EQ(zone_count(report), 1U);
    EXPECT_THAT(report.files(FileFate::HeldBack), SizeIs(1));
    EXPECT_THAT(told(report), HasSubstr("all records of a.example. would be gone"));
    const LoadReport again = data_->reload();
    EXPECT_FALSE(again.snapshot);
    EXPECT_THAT(again.files(FileFate::HeldBack), SizeIs(1));
    EXPECT_EQ(zone_count(data_->reload(true)), 1U);
    EXPECT_TRUE(data_->reload().clean());
}

TEST_F(LastGoodTest, ManyZonesAreKeptBitByBit) {
    constexpr std::size_t kCount = 2 * LastGood::kFilesAtOnce + 1;
    write_zone("first.toml", zone_text("first.example", "192.0.2.1"));
    start_well();
    write_many_zones(kCount);
    ASSERT_TRUE(data_->reload().snapshot);
    const std::string before = text_of(directory_.path("state/last-good"));
    ASSERT_FALSE(*data_->save_state());
    EXPECT_EQ(text_of(directory_.path("state/last-good")), before) << "all of them or none";
    write_zone("first.toml", zone_text("first.example", "192.0.2.2"));
    ASSERT_TRUE(data_->reload().snapshot) << "changes come between";
    EXPECT_EQ(save_all(), 2);
    EXPECT_EQ(save_all(), 1);
    fs::remove_all(directory_.path("zones"));
    EXPECT_EQ(zone_count(start()), kCount + 1);
}

TEST_F(LastGoodTest, ManyZonesThatCannotBeKeptAreNotTriedForEver) {
    constexpr std::size_t kCount = 2 * LastGood::kFilesAtOnce;
    write_zone("first.toml", zone_text("first.example", "192.0.2.1"));
    start_well();
    for (std::size_t i = 0; i < kCount; ++i) {
        const std::string number = std::to_string(i);
        write_zone("z\t" + number + ".toml",  // a name that the index cannot hold
                   zone_text("z" + number + ".example", "192.0.2.1"));
    }
    ASSERT_TRUE(data_->reload().snapshot);
    EXPECT_TRUE(*data_->save_state());
}

TEST_F(LastGoodTest, ManyZonesAreKeptAsTheyWereLoadedThoughTheirFilesAreGone) {
    constexpr std::size_t kCount = LastGood::kFilesAtOnce + 1;
    write_zone("first.toml", zone_text("first.example", "192.0.2.1"));
    start_well();
    write_many_zones(kCount);
    ASSERT_TRUE(data_->reload().snapshot);
    fs::remove_all(directory_.path("zones"));
    save_all();
    EXPECT_EQ(zone_count(start()), kCount + 1);
}

TEST_F(LastGoodTest, WhatIsKeptIsWhatWasLoadedThoughTheFileHasChanged) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    start_well();
    const std::string good = zone_text("a.example", "192.0.2.2");
    write_zone("a.toml", good);
    ASSERT_TRUE(data_->reload().snapshot);
    write_zone("a.toml", "zone = \n");
    save_all();
    ASSERT_THAT(texts(), SizeIs(1));
    EXPECT_EQ(text_of(texts()[0]), good);
    EXPECT_EQ(zone_count(start()), 1U);
}

// Somebody edits while the first load still settles: the next start is as good as this one.
TEST_F(LastGoodTest, AnErrorRightAfterTheFirstLoadDoesNotStopTheNextStart) {
    constexpr std::size_t kCount = LastGood::kFilesAtOnce + 44;
    write_zone("world/all.toml", "[ttl]\nstatic = 77\n");
    write_zone("parts", "www2 A 192.0.2.1\n");
    write_zone("a.toml", zone_text("a.example", "192.0.2.1",
                                   "use = \"world/all.toml\"\nrecords_from = \"parts\"\n"));
    write_many_zones(kCount);
    data_ = std::make_unique<ServedData>(directory_.data(), directory_.state(), clock_);
    ASSERT_TRUE(data_->load().snapshot);
    write_zone("world/all.toml", "[ttl]\nstatic = \n");
    write_zone("parts", "www A 192.0.2.300\n");
    for (std::size_t i = 0; i < kCount; i += 2) {
        write_zone("z" + std::to_string(i) + ".toml", "zone = \n");
    }
    save_all();
    const LoadReport next = start();
    EXPECT_EQ(zone_count(next), kCount + 1) << told(next);
}

TEST_F(LastGoodTest, ADirectoryThatCannotBeReadTakesNothingAlong) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    write_zone("b.toml", zone_text("b.example", "192.0.2.1"));
    start_well();
    const fs::path zones = directory_.path("zones");
    const fs::path away = directory_.path("away");
    fs::rename(zones, away);
    for (const char* state : {"missing", "a file", "a link to itself"}) {
        SCOPED_TRACE(state);
        if (state == std::string_view("a file")) { directory_.write("zones", ""); }
        if (state == std::string_view("a link to itself")) { fs::create_symlink(zones, zones); }
        const LoadReport forced = data_->reload(true);
        EXPECT_FALSE(forced.snapshot);
        EXPECT_FALSE(forced.clean());
        EXPECT_THAT(told(forced), HasSubstr("cannot read the zones directory"));
        EXPECT_EQ(data_->files().size(), 2U);
        save_all();
        EXPECT_THAT(texts(), SizeIs(2));
        const LoadReport next = start();
        EXPECT_EQ(zone_count(next), 2U) << told(next);
        EXPECT_THAT(told(next), Not(HasSubstr("--force")));
        fs::remove(zones);
    }
    fs::rename(away, zones);
    start_well();
}

TEST_F(LastGoodTest, AFileThatCannotBeReadIsNeverForced) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    write_zone("b.toml", zone_text("b.example", "192.0.2.1"));
    write_zone("c.example.zone", "@ SOA a b 1 2 3 4 5\n@ NS ns.example.net.\nwww A 192.0.2.1\n");
    start_well();
    for (const char* file : {"zones/a.toml", "zones/c.example.zone"}) {
        fs::remove(directory_.path(file));
        fs::create_symlink(directory_.path(file), directory_.path(file));
    }
    const LoadReport forced = data_->reload(true);
    EXPECT_FALSE(forced.clean());
    EXPECT_EQ(data_->files().size(), 3U);
    const LoadReport next = start();
    EXPECT_EQ(zone_count(next), 3U) << told(next);
}

TEST_F(LastGoodTest, AnIndexIsReadAsItIsWritten) {
    write_zone("a b.toml", zone_text("a.example", "192.0.2.1", "use = \"x y.toml\"\n"));
    write_zone("x y.toml", "[ttl]\nstatic = 77\n");
    start_well();
    const std::string text = text_of(directory_.path("state/last-good"));
    const auto files = parse_last_good(text);
    ASSERT_TRUE(files) << files.error();
    EXPECT_EQ(last_good_text(*files), text);
    const SavedFile& kept = files->begin()->second;
    EXPECT_EQ(kept.text.path, directory_.path("zones/a b.toml"));
    ASSERT_THAT(kept.named, SizeIs(1));
    EXPECT_EQ(kept.named[0].asked, "x y.toml");
    ASSERT_THAT(kept.zones, SizeIs(1));
    EXPECT_EQ(kept.zones[0].records, 1U);
}

}  // namespace
}  // namespace meridian::server
