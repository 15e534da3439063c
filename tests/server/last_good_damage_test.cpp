// Checks what a start makes of saved texts that are damaged, missing or of no use.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include "meridian/octet_hash.h"
#include "server/sources/last_good.h"
#include "tests/server/last_good_servers.h"

namespace meridian::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::SizeIs;

TEST_F(LastGoodTest, ADamagedTextIsNotServed) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    write_zone("b.toml", zone_text("b.example", "192.0.2.1"));
    start_well();
    for (const std::string& text : texts()) {
        std::string changed = text_of(text);
        changed.back() ^= 1;
        std::ofstream(text, std::ios::binary) << changed;
    }
    write_zone("a.toml", "zone = \n");
    const LoadReport report = start();
    EXPECT_FALSE(report.snapshot) << "a start takes no zone out of service";
    EXPECT_THAT(told(report), HasSubstr("a.toml: error: the last good copy of this file cannot be "
                                        "used: " +
                                        directory_.path("state/texts/")));
    EXPECT_THAT(texts(), SizeIs(2));
    write_zone("a.toml", zone_text("a.example", "192.0.2.2"));
    EXPECT_EQ(zone_count(start()), 2U);
    EXPECT_THAT(test::told(data_->take_state_warnings()),
                HasSubstr("it is damaged; this copy of " + directory_.path("zones/b.toml") +
                          " for the next start is written anew"));
    write_zone("b.toml", "zone = \n");
    EXPECT_EQ(zone_count(start()), 2U);
}

TEST_F(LastGoodTest, ACopyThatCannotBeUsedStaysUntilAReloadIsForced) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    write_zone("b.toml", zone_text("b.example", "192.0.2.1"));
    start_well();
    const std::string index = directory_.path("state/last-good");
    const auto knows = [&](const std::string& file) {
        return text_of(index).find(directory_.path("zones/" + file)) != std::string::npos;
    };
    fs::remove(directory_.path("state/" + std::string(kLastGoodFolder)) + "/" +
               digest_of(zone_text("a.example", "192.0.2.1")).to_text());
    fs::rename(directory_.path("zones"), directory_.path("away"));
    EXPECT_EQ(zone_count(start()), 1U);
    EXPECT_TRUE(knows("a.toml"));
    EXPECT_FALSE(data_->reload(true).snapshot);
    save_all();
    EXPECT_TRUE(knows("a.toml")) << "what cannot be read is never forced";

    fs::create_directory(directory_.path("zones"));
    write_zone("b.toml", zone_text("b.example", "192.0.2.2"));
    EXPECT_EQ(zone_count(data_->reload()), 1U);
    save_all();
    EXPECT_TRUE(knows("a.toml")) << "an operator may bring it back";
    (void)data_->reload(true);
    save_all();
    EXPECT_FALSE(knows("a.toml"));
    EXPECT_TRUE(knows("b.toml"));
}

TEST_F(LastGoodTest, AVersionThatClashesWithAnotherFileIsReplacedByTheCopy) {
    const std::string rest = zone_text("", "192.0.2.1").substr(std::string("zone = \"\"\n").size());
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    write_zone("b.toml", "zone = [\"b.example\", \"c.example\"]\n" + rest);
    start_well();
    write_zone("a.toml", "zone = [\"a.example\", \"b.example\"]\n" + rest);
    const LoadReport report = start();
    EXPECT_EQ(zone_count(report), 3U) << "c.example has no part in it: " << told(report);
    EXPECT_FALSE(report.clean());
    EXPECT_EQ(zone_count(start()), 3U) << "the next start still has it";
}

TEST_F(LastGoodTest, ATextThatCameBackIsKeptAgain) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    write_zone("b.toml", zone_text("b.example", "192.0.2.1"));
    start_well();
    fs::remove(directory_.path("zones/b.toml"));
    ASSERT_TRUE(data_->reload().snapshot);
    save_all();
    EXPECT_THAT(texts(), SizeIs(1));
    write_zone("b.toml", zone_text("b.example", "192.0.2.1"));
    ASSERT_TRUE(data_->reload().snapshot);
    save_all();
    EXPECT_THAT(texts(), SizeIs(2));
}

TEST_F(LastGoodTest, ATextThatACrashLeftCutIsWrittenAnew) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    start_well();
    const std::string good = text_of(texts().at(0));
    fs::remove(directory_.path("state/last-good"));
    fs::resize_file(texts().at(0), 0);
    start_well();
    EXPECT_EQ(text_of(texts().at(0)), good);
}

TEST_F(LastGoodTest, ADamagedIndexCostsAWarning) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    start_well();
    const std::string index = directory_.path("state/last-good");
    const std::string good = text_of(index);
    for (const std::string& bad :
         {std::string(), good.substr(0, good.size() / 2), good + "x", "y" + good.substr(1),
          "meridian last-good 3\n" + good.substr(good.find('\n') + 1)}) {
        std::ofstream(index, std::ios::binary) << bad;
        const LoadReport report = start();
        EXPECT_EQ(zone_count(report), 1U);
        EXPECT_TRUE(report.clean());
        EXPECT_THAT(told(report), HasSubstr("last-good: it is ")) << bad;
        EXPECT_EQ(text_of(index), good) << "written anew";
    }
}

}  // namespace
}  // namespace meridian::server
