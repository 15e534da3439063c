// Checks that stamping a file changes its serial and the comment behind it, and only where it must.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/serial_stamp.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace meridian::zones {
namespace {

constexpr SerialTimes kTimes{.modified = 1'780'000'000, .now = 1'790'000'000};
const ContentHash kOld{1, {0x1111, 1}};
const ContentHash kNew{1, {0xabcdef0123456789, 2}};

StampedText stamp(std::string_view text, const ContentHash& content = kNew,
                  SerialTimes times = kTimes) {
    auto stamped = stamp_serial(text, content, times);
    EXPECT_TRUE(stamped) << text;
    return stamped ? *stamped : StampedText{};
}

struct Case {
    std::string before, after;
};

TEST(SerialStamp, IsWrittenWhereItBelongs) {
    const std::vector<Case> cases{
        {"zone        = \"a.example\"\nnameservers = [\"ns1\"]\n\n[records]\nx.a = \"192.0.2.1\"\n",
         "zone        = \"a.example\"\nnameservers = [\"ns1\"]\n"
         "soa.serial  = 1790000000  # stamped: 1-abcdef0123456789\n\n"
         "[records]\nx.a = \"192.0.2.1\"\n"},
        {"zone = \"a\"\nsoa = { primary = \"ns2\" }\n",
         "zone = \"a\"\nsoa = { primary = \"ns2\", serial = 1790000000 }"
         "  # stamped: 1-abcdef0123456789\n"},
        {"zone = \"a\"\nsoa = { serial = 7, primary = \"ns#2\" } # mine\n",
         "zone = \"a\"\nsoa = { serial = 1790000000, primary = \"ns#2\" } "
         "# stamped: 1-abcdef0123456789; mine\n"},
        {"zone = \"a\"\n[soa]\nprimary = \"ns2\"\n[ttl]\nstatic = 5\n",
         "zone = \"a\"\n[soa]\nprimary = \"ns2\"\n"
         "serial = 1790000000  # stamped: 1-abcdef0123456789\n[ttl]\nstatic = 5\n"},
        {"zone = \"a\"\r\nsoa.serial = 7\r\n",
         "zone = \"a\"\r\nsoa.serial = 1790000000  # stamped: 1-abcdef0123456789\r\n"},
        {"zone = \"a\"\nsoa.serial = 7",
         "zone = \"a\"\nsoa.serial = 1790000000  # stamped: 1-abcdef0123456789"},
        {"soa.serial = 7 #\nzone = \"a\"\n",
         "soa.serial = 1790000000 # stamped: 1-abcdef0123456789\nzone = \"a\"\n"},
        {"soa.serial = 7   # stamped: 1-0000000000001111; by hand\nzone = \"a\"\n",
         "soa.serial = 1790000000   # stamped: 1-abcdef0123456789; by hand\nzone = \"a\"\n"},
    };
    for (const Case& wanted : cases) {
        const StampedText stamped = stamp(wanted.before);
        EXPECT_EQ(stamped.text, wanted.after);
        EXPECT_EQ(stamped.serial, 1'790'000'000U);
        EXPECT_TRUE(stamped.changed);
    }
}

TEST(SerialStamp, ASecondTimeChangesNothing) {
    for (const char* text :
         {"zone = \"a\"\n", "zone = \"a\"\nsoa.serial = 7 # mine\n", "soa = { serial = 7 }\r\n",
          "zone = \"a\"\n[soa]\n", "zone = \"a\"\nsoa = {}\n", "soa.serial = 7 #\n"}) {
        const StampedText once = stamp(text);
        const StampedText twice = stamp(once.text, kNew, {1'799'000'000, 1'799'999'999});
        EXPECT_FALSE(twice.changed) << text;
        EXPECT_EQ(twice.text, once.text);
        EXPECT_EQ(twice.serial, once.serial);
        const StampedText edited = stamp(once.text, kOld, {0, 1'790'000'000});
        EXPECT_TRUE(edited.changed) << text;
        EXPECT_EQ(edited.serial, 1'790'000'001U);
    }
}

TEST(SerialStamp, NeverFallsBehindWhatWasThere) {
    const auto serial_after = [](std::string_view text, SerialTimes times) {
        return stamp(text, kNew, times).serial;
    };
    EXPECT_EQ(serial_after("soa.serial = 2026112201\n", kTimes), 2026112202U) << "by hand";
    EXPECT_EQ(serial_after("soa.serial = 1790000000\n", kTimes), 1790000001U);
    EXPECT_EQ(serial_after("soa.serial = 1789999999\n", kTimes), 1790000000U);
    EXPECT_EQ(serial_after("soa.serial = 4294967295\n", {0, 0xffffffff}), 0U) << "RFC 1982";
    EXPECT_EQ(serial_after("zone = \"a\"\n", {1'795'000'000, 1'790'000'000}), 1'795'000'000U)
        << "what the servers took until now";
}

TEST(SerialStamp, TakesNoStringForAStamp) {
    const StampedText stamped =
        stamp("soa = { serial = 7, primary = '# stamped: 1-abcdef0123456789' }\n");
    EXPECT_TRUE(stamped.changed);
    EXPECT_EQ(stamped.text,
              "soa = { serial = 1790000000, primary = '# stamped: 1-abcdef0123456789' }"
              "  # stamped: 1-abcdef0123456789\n");
}

TEST(SerialStamp, IsRefusedWhereThereIsNoPlace) {
    EXPECT_FALSE(stamp_serial("soa = 7\n", kNew, kTimes));
    EXPECT_FALSE(stamp_serial("soa = \n", kNew, kTimes));
    const std::string comment(4080, 'x');  // no room on the line for a stamp
    EXPECT_FALSE(stamp_serial("soa.serial = 7 #" + comment + "\n", kNew, kTimes));
}

}  // namespace
}  // namespace meridian::zones
