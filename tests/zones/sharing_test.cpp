// Tests what zones share: a file that describes several, libraries that several use.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/limits.h"
#include "meridian/zones/zone_reader.h"

namespace meridian::zones {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

using Files = std::map<std::string, std::string>;

constexpr std::string_view kServers = "nameservers = [\"ns1\", \"ns2.elsewhere.example.\"]\n";
constexpr std::string_view kRecords = "[records]\nns1.a = \"192.0.2.53\"\n";

FileReader reader_of(Files files) {
    return [files = std::move(files)](const std::string& path) -> Result<NamedFile, std::string> {
        const auto found = files.find(path);
        if (found == files.end()) { return Failure{"cannot read " + path}; }
        return NamedFile{path, std::make_shared<const std::string>(found->second)};
    };
}

std::string told(const ZoneReading& reading) {
    std::string text;
    for (const Diagnostic& diagnostic : reading.diagnostics) {
        text += to_text(diagnostic, false);
    }
    return text;
}

std::string text_of(const Owner& owner) {
    std::string text = owner.name.to_text();
    for (const OwnedSet& set : owner.sets) {
        text += " " + dns::type_to_text(set.records.type);
    }
    return text;
}

TEST(ZoneList, IsTheSameZoneUnderEachName) {
    const std::string file = "zone = [\"beigel.example\", \"beigel.test\"]\n" +
                             std::string(kServers) + std::string(kRecords) +
                             "www.a = \"192.0.2.1\"\n";
    const ZoneReading reading = read_zone({"zone.toml", file, 7, {}});
    EXPECT_EQ(told(reading), "");
    ASSERT_THAT(reading.zones, SizeIs(2));
    for (const auto& [zone, apex] : {std::pair(reading.zones[0], std::string("beigel.example.")),
                                     std::pair(reading.zones[1], std::string("beigel.test."))}) {
        EXPECT_EQ(zone.apex.to_text(), apex);
        EXPECT_EQ(zone.apex_position.line, 1U);
        EXPECT_EQ(zone.soa.mailbox.to_text(), "hostmaster." + apex);
        EXPECT_EQ(zone.soa.primary.to_text(), "ns1." + apex);
        EXPECT_EQ(zone.soa.serial, 7U);
        ASSERT_THAT(zone.nameservers, SizeIs(2));
        EXPECT_EQ(zone.nameservers[1].to_text(), "ns2.elsewhere.example.");
        ASSERT_THAT(zone.owners, SizeIs(2));
        EXPECT_EQ(text_of(zone.owners[1]), "www." + apex + " A");
    }
    EXPECT_NE(reading.zones[0].apex_position, reading.zones[1].apex_position);
}

TEST(ZoneList, ReadsItsMasterFilesUnderEachName) {
    const ZoneReading reading = read_zone(
        {"zone.toml", "zone = [\"a.example\", \"b.a.example\"]\nrecords_from = [\"x\"]\n", 7,
         reader_of({{"x",
                     "@ 60 SOA ns1 root 1 2h 15m 2w 1m\n NS ns1\n NS ns.c.example.\n"
                     "ns1 A 192.0.2.53\n$INCLUDE y\n"},
                    {"y", "host AAAA 2001:db8::1\n"}})});
    EXPECT_EQ(told(reading), "");
    ASSERT_THAT(reading.zones, SizeIs(2));
    for (const Zone& zone : reading.zones) {
        ASSERT_THAT(zone.owners, SizeIs(2));
        EXPECT_EQ(text_of(zone.owners[1]), "host." + zone.apex.to_text() + " AAAA");
        EXPECT_EQ(zone.owners[1].position.file, 2U);
        ASSERT_THAT(zone.other_files, SizeIs(2));
        EXPECT_EQ(zone.other_files[1].path, "y");
        EXPECT_EQ(zone.soa.primary.to_text(), "ns1." + zone.apex.to_text());
    }
}

TEST(ZoneList, AFaultOfAMasterFileIsToldOnce) {
    const ZoneReading reading = read_zone(
        {"zone.toml", "zone = [\"a.example\", \"b.example\"]\nrecords_from = [\"x\"]\n", 7,
         reader_of({{"x", "@ 60 SOA a.c. b.c. 1 2 3 4 5\n NS a.c.\n NS b.c.\nwww A 1.2.3\n"}})});
    ASSERT_THAT(reading.diagnostics, SizeIs(1)) << told(reading);
    EXPECT_THAT(told(reading), HasSubstr("x:4:7: error: "));
    EXPECT_TRUE(reading.diagnostics[0].zones.empty()) << "it goes without saying";
    EXPECT_TRUE(reading.zones.empty());
}

TEST(ZoneList, HasABound) {
    std::string file = std::string(kServers) + "zone = [\n";
    for (std::size_t i = 0; i <= kMaxZonesPerFile; ++i) {
        file += "\"z" + std::to_string(i) + ".example\",\n";
    }
    const ZoneReading reading = read_zone({"zone.toml", file + "]\n", 7, {}});
    EXPECT_EQ(told(reading),
              "zone.toml:2:8: error: zone: 1001 names; a file describes at most 1000 zones\n"
              "    2 | zone = [\n      |        ^\n"
              "   spread them over several files that share a library\n");
}

TEST(ZoneList, FaultsBeyondTheBoundAreCountedOnce) {
    std::string file =
        "zone = [\"a.example\", \"b.example\"]\n" + std::string(kServers) + std::string(kRecords);
    for (std::size_t i = 0; i < kMaxDiagnostics + 5; ++i) {
        file += "h" + std::to_string(i) + ".a = \"x\"\n";
    }
    const ZoneReading reading = read_zone({"zone.toml", file, 7, {}});
    ASSERT_THAT(reading.diagnostics, SizeIs(kMaxDiagnostics + 1));
    EXPECT_EQ(reading.diagnostics.back().message, "5 more are not shown");
    EXPECT_TRUE(reading.diagnostics.front().zones.empty());
}

}  // namespace
}  // namespace meridian::zones
