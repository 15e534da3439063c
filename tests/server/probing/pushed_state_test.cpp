// Reads files of states, and asks them for addresses.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/pushed_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>

namespace meridian::server {
namespace {

using namespace std::chrono_literals;

const IpAddress kAddress = IpAddress::v4(0xc000020a);  // 192.0.2.10

/// "up", "down", "-" where the file does not say, or what is wrong with it.
std::string state(std::string_view text, const IpAddress& address = kAddress) {
    const auto read = PushedState::read(text);
    if (!read) { return read.error(); }
    const auto found = read->find({"api", "frankfurt"}, address);
    if (!found) { return "-"; }
    return *found ? "up" : "down";
}

TEST(PushedState, IsAnObjectOfJson) {
    EXPECT_EQ(state(R"({"frankfurt": "down"})"), "down");
    EXPECT_EQ(state(" \n{\"frankfurt\": \"up\"}\n"), "up");
    EXPECT_EQ(state(R"({"frankfurt": false, "tokyo": true})"), "down");
    EXPECT_EQ(state(R"({"frankfurt": true})"), "up");
    EXPECT_EQ(state(R"({"tokyo": "down"})"), "-");
}

TEST(PushedState, OrALineForEach) {
    EXPECT_EQ(state("frankfurt down\n"), "down");
    EXPECT_EQ(state("# of the night\r\n\r\n\tfrankfurt \t up  # it is back\r\n"), "up");
    EXPECT_EQ(state("tokyo down\nfrankfurt true"), "up");
    EXPECT_EQ(state("frankfurt false\nfrankfurt down\n"), "down") << "they say the same";
}

TEST(PushedState, TheNarrowestKeyDecides) {
    std::string text = "frankfurt down\n";
    EXPECT_EQ(state(text), "down");
    text += "frankfurt/api up\n";
    EXPECT_EQ(state(text), "up");
    text += "192.0.2.10 down\n";
    EXPECT_EQ(state(text), "down");
    text += "frankfurt/api/192.0.2.10 up\n";
    EXPECT_EQ(state(text), "up");
    EXPECT_EQ(state("frankfurt/www down\ntokyo/api down\nfrankfurt/www/192.0.2.10 down\n"), "-");
}

TEST(PushedState, TellsWhichKeysAreOfNoAddress) {
    const auto read = PushedState::read("tokyo up\nfrankfrut down\n2001:DB8::1 up\n");
    ASSERT_TRUE(read);
    std::set<std::string> known;
    for (const std::string& key :
         keys_of({"api", "tokyo"}, IpAddress::v6(0x20010db8'00000000, 1))) {
        known.insert(key);
    }
    EXPECT_THAT(read->keys_beside(known), testing::ElementsAre("frankfrut"));
    EXPECT_THAT(read->keys_beside({}), testing::SizeIs(3));
}

TEST(PushedState, AddressesAreTheSameHoweverTheyAreWritten) {
    const IpAddress v6 = IpAddress::v6(0x20010db8'00000000, 1);
    EXPECT_EQ(state("2001:DB8:0::1 down\n", v6), "down");
    EXPECT_EQ(state(R"({"frankfurt/api/2001:db8:0:0::1": "down"})", v6), "down");
    EXPECT_EQ(state("2001:db8::1 up\n2001:DB8::1 down\n", v6),
              "line 2: \"2001:DB8::1\" is both up and down");
}

TEST(PushedState, WhatIsNoStateIsWrongAsAWhole) {
    const std::string no_state = R"( is no state; expected "up" or "down", or true or false)";
    EXPECT_EQ(state("frankfurt dow"), "line 1: \"dow\"" + no_state) << "cut in the middle";
    EXPECT_EQ(state("tokyo up\nfrankfurt"), "line 2: \"frankfurt\" has no state behind it");
    EXPECT_EQ(state("frankfurt up down"), "line 1: \"up down\"" + no_state);
    EXPECT_EQ(state(R"({"frankfurt": 1})"), "the value of \"frankfurt\"" + no_state);
    EXPECT_EQ(state(R"({"frankfurt": {"state": "up"}})"), "the value of \"frankfurt\"" + no_state);
    EXPECT_EQ(state(R"({"": "up"})"), "a key is empty");
    EXPECT_EQ(state(R"({"frankfurt": "up")").find("it is no JSON: "), 0U);
    EXPECT_EQ(state(R"({"a": "up"} {"b": "up"})").find("it is no JSON: "), 0U);
    EXPECT_EQ(state(std::string(200, '{')).find("it is no JSON: "), 0U);
    EXPECT_EQ(state("\x1b[2J down x").find('\x1b'), std::string::npos) << "terminals obey that";
}

TEST(PushedState, AFileThatStatesNothingIsBeingWritten) {
    for (const char* text : {"", "\n", "# nothing\n", "{}"}) {
        EXPECT_EQ(state(text), "it states nothing") << text;
    }
}

class Judging : public ::testing::Test {
protected:
    PushedVerdict judge(const char* text, std::chrono::seconds age = 0s) {
        StateFileReading reading;
        reading.state = std::make_shared<const PushedState>(PushedState::read(text).value());
        reading.modified = now_ - age;
        return judge_pushed(reading, check_, kAddress, now_);
    }
    std::chrono::system_clock::time_point now_{1'800'000'000s};
    zones::HealthCheck check_{.kind = zones::CheckKind::File,
                              .file = {.name = "state.json", .named_by = "zones/z.toml"},
                              .place = {"api", "frankfurt"}};
};

TEST_F(Judging, GivesAResultThatIsNoSignOfBlindness) {
    EXPECT_TRUE(judge("frankfurt up").result->passed());
    const PushedVerdict down = judge("frankfurt down");
    EXPECT_FALSE(down.result->passed());
    EXPECT_FALSE(down.result->is_sign());
    EXPECT_EQ(down.result->text, "state.json says so");
}

TEST_F(Judging, GivesNoneOfWhatTheFileDoesNotSay) {
    const PushedVerdict none = judge("tokyo up");
    EXPECT_FALSE(none.result);
    EXPECT_EQ(none.problem, "zones/z.toml: state.json says nothing of frankfurt/api");
}

TEST_F(Judging, GivesNoneOfAFileThatIsTooOld) {
    EXPECT_TRUE(judge("frankfurt up", 24h).result) << "by default they hold for ever";
    check_.file.max_age = 5min;
    EXPECT_TRUE(judge("frankfurt up", 300s).result);
    const PushedVerdict old = judge("frankfurt up", 301s);
    EXPECT_FALSE(old.result);
    EXPECT_EQ(old.problem,
              "zones/z.toml: state.json is older than max_age, 300 s, so it says nothing");
}

TEST_F(Judging, GivesNoneOfAFileThatCannotBeRead) {
    const PushedVerdict none = judge_pushed({.problem = "cannot"}, check_, kAddress, now_);
    EXPECT_FALSE(none.result);
    EXPECT_EQ(none.problem, "cannot");
}

}  // namespace
}  // namespace meridian::server
