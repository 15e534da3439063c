// Tests that a chosen serial never falls and grows with every change, and warnings of others.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/serial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "meridian/zones/zone_reader.h"
#include "tests/support/seeds.h"

namespace meridian::zones {
namespace {

ContentHash hash_of(std::uint64_t number) {
    return {ContentHash::kFormat, {0, number}};
}

TEST(Serial, ComparesAsSecondariesDo) {  // RFC 1982 §5.2, with 32 bits
    EXPECT_TRUE(is_newer_serial(1, 0));
    EXPECT_TRUE(is_newer_serial(0, 0xffffffff));
    EXPECT_TRUE(is_newer_serial(0x7fffffff, 0));
    EXPECT_FALSE(is_newer_serial(0x80000000, 0)) << "undefined: not to be relied on";
    EXPECT_FALSE(is_newer_serial(0, 0x80000000));
    EXPECT_FALSE(is_newer_serial(7, 7));
    EXPECT_FALSE(is_newer_serial(0xffffffff, 0));
}

TEST(Serial, StartsWithTheFilesTime) {
    EXPECT_EQ(choose_serial({}, hash_of(1), {1000, 5000}), 1000U);
    EXPECT_EQ(choose_serial({}, hash_of(1), {9000, 5000}), 9000U) << "a clock that was set back";
}

TEST(Serial, StaysWhileTheContentDoes) {
    const ServedSerial before{hash_of(1), 1000};
    EXPECT_EQ(choose_serial(before, hash_of(1), {4000, 5000}), 1000U) << "touched";
    EXPECT_EQ(choose_serial(before, hash_of(1), {10, 20}), 1000U);
    EXPECT_EQ(choose_serial(ServedSerial{hash_of(1), 9000}, hash_of(1), {4000, 5000}), 9000U)
        << "in the future";
}

TEST(Serial, IsTheTimeOfTheChange) {
    const ServedSerial before{hash_of(1), 1000};
    EXPECT_EQ(choose_serial(before, hash_of(2), {4000, 5000}), 4000U);
    EXPECT_EQ(choose_serial(before, hash_of(2), {5000, 5000}), 5000U);
    EXPECT_EQ(choose_serial(before, hash_of(2), {500, 5000}), 5000U) << "an old file put back";
    EXPECT_EQ(choose_serial(before, hash_of(2), {1000, 5000}), 5000U) << "twice in one second";
    EXPECT_EQ(choose_serial(before, hash_of(2), {9000, 5000}), 5000U) << "a time yet to come";
    EXPECT_EQ(choose_serial(before, hash_of(2), {1000, 1000}), 1001U);
    EXPECT_EQ(choose_serial(before, hash_of(2), {10, 20}), 1001U) << "a clock that was set back";
    EXPECT_EQ(choose_serial(ServedSerial{hash_of(1), 9000}, hash_of(2), {4000, 5000}), 9001U);
}

TEST(Serial, GoesOnBehindTheWrap) {
    EXPECT_EQ(
        choose_serial(ServedSerial{hash_of(1), 0xffffffff}, hash_of(2), {0xfffffff0, 0xfffffff5}),
        0U);
    EXPECT_EQ(
        choose_serial(ServedSerial{hash_of(1), 0xfffffff0}, hash_of(2), {0x100000002, 0x100000005}),
        2U);
}

TEST(Serial, OfContentThatCannotBeComparedIsANewOne) {
    ServedSerial before{hash_of(1), 1000};
    before.content.format = 7;
    EXPECT_EQ(choose_serial(before, hash_of(1), {4000, 5000}), 4000U);
}

TEST(Serial, NeverFallsWhateverTheClockAndTheFilesSay) {
    for (const std::uint64_t seed : test::seeds(64)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        ServedSerial last{hash_of(0), static_cast<std::uint32_t>(random())};
        for (int i = 0; i < 1000; ++i) {
            const ContentHash content = hash_of(random() % 2);
            const SerialTimes times{static_cast<std::int64_t>(random() >> (30 + random() % 34)),
                                    static_cast<std::int64_t>(random() >> (30 + random() % 34))};
            const std::uint32_t next = choose_serial(last, content, times);
            if (content == last.content) {
                ASSERT_EQ(next, last.serial);
            } else {
                ASSERT_TRUE(is_newer_serial(next, last.serial)) << last.serial << ' ' << next;
            }
            last = {content, next};
        }
    }
}

Zone zone_of(std::string file, std::string text) {
    ZoneReading reading =
        read_zone({.file = std::move(file), .text = std::move(text), .default_serial = 5});
    EXPECT_FALSE(reading.zones.empty());
    return std::move(reading.zones.at(0));
}

std::string reported(const Zone& zone, const ServedSerial& before) {
    std::string text;
    for (const Diagnostic& diagnostic : check_serial(zone, content_hash(zone), before)) {
        EXPECT_THAT((std::set<std::string_view>{"serial-behind", "serial-unchanged"}),
                    testing::Contains(diagnostic.code));
        text += to_text(diagnostic, false);
    }
    return text;
}

constexpr const char* kToml = R"(zone        = "serial.example"
nameservers = ["ns1.elsewhere.example.", "ns2.elsewhere.example."]
)";

TEST(WrittenSerial, IsToldOfWhenItFallsBack) {
    const Zone zone = zone_of("a.toml", std::string(kToml) + "soa.serial  = 2026112201\n");
    EXPECT_EQ(reported(zone, {content_hash(zone), 2026112200}), "");
    EXPECT_EQ(reported(zone, {hash_of(1), 2026112200}), "");
    EXPECT_EQ(reported(zone, {content_hash(zone), 2026112201}), "");
    for (const ContentHash& content : {content_hash(zone), hash_of(1)}) {
        EXPECT_EQ(reported(zone, {content, 2026112299}),
                  "a.toml:3:15: warning: soa.serial: the serial 2026112201 does not come after "
                  "2026112299, under which the zone was served last\n"
                  "   secondaries will not notice this version (RFC 1982); write 2026112300 or "
                  "more\n");
    }
    EXPECT_NE(reported(zone, {hash_of(1), 2026112201 + 0x80000000}), "") << "half way round";
}

TEST(WrittenSerial, IsToldOfWhenItStaysAndTheZoneDoesNot) {
    const Zone zone = zone_of("a.toml", std::string(kToml) + "soa.serial  = 2026112201\n");
    EXPECT_EQ(reported(zone, {hash_of(1), 2026112201}),
              "a.toml:3:15: warning: soa.serial: the zone has changed, but its serial is "
              "2026112201 as before\n"
              "   secondaries will not notice the change; write 2026112202 or more\n");
    EXPECT_EQ(reported(zone, {{7, {1, 1}}, 2026112201}), "") << "of another format: unknown";
}

TEST(WrittenSerial, MayStandInAMasterFile) {
    const Zone zone = zone_of("dir/serial.example.zone",
                              "$TTL 1h\n"
                              "@ SOA ns.elsewhere.example. hostmaster 7 2h 15m 2w 1m\n"
                              "@ NS ns.elsewhere.example.\n"
                              "@ NS ns2.elsewhere.example.\n");
    EXPECT_EQ(reported(zone, {hash_of(1), 7}),
              "dir/serial.example.zone:2:3: warning: the zone has changed, but its serial is 7 as "
              "before\n"
              "   secondaries will not notice the change; write 8 or more\n");
}

TEST(ChosenSerial, IsNeverToldOf) {
    const Zone zone = zone_of("a.toml", kToml);
    EXPECT_EQ(zone.soa.serial, 5U);
    EXPECT_EQ(reported(zone, {hash_of(1), 7}), "");
}

}  // namespace
}  // namespace meridian::zones
