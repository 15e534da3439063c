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
#include "meridian/zones/library.h"
#include "meridian/zones/zone_reader.h"

namespace meridian::zones {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

using Files = std::map<std::string, std::string>;

constexpr std::string_view kServers = "nameservers = [\"ns1\", \"ns2.elsewhere.example.\"]\n";
constexpr std::string_view kRecords = "[records]\nns1.a = \"192.0.2.53\"\n";

NamedFileReader reader_of(Files files) {
    return [files = std::move(files)](const std::string& path) -> Result<NamedFile, std::string> {
        const auto found = files.find(path);
        if (found == files.end()) { return Failure{"cannot read " + path}; }
        return NamedFile{path, std::make_shared<const std::string>(found->second)};
    };
}

std::string reported(const ZoneReading& reading) {
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
    EXPECT_EQ(reported(reading), "");
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
    EXPECT_EQ(reported(reading), "");
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
    ASSERT_THAT(reading.diagnostics, SizeIs(1)) << reported(reading);
    EXPECT_THAT(reported(reading), HasSubstr("x:4:7: error: "));
    EXPECT_TRUE(reading.diagnostics[0].zones.empty()) << "it goes without saying";
    EXPECT_TRUE(reading.zones.empty());
}

TEST(ZoneList, HasABound) {
    std::string file = std::string(kServers) + "zone = [\n";
    for (std::size_t i = 0; i <= kMaxZonesPerFile; ++i) {
        file += "\"z" + std::to_string(i) + ".example\",\n";
    }
    const ZoneReading reading = read_zone({"zone.toml", file + "]\n", 7, {}});
    EXPECT_EQ(reported(reading),
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
    EXPECT_EQ(reading.diagnostics.back().text, "5 more are not shown");
    EXPECT_TRUE(reading.diagnostics.front().zones.empty());
}

constexpr std::string_view kWorld =
    "[regions.virginia]\nat = \"IAD\"\naddresses = [\"192.0.2.10\"]\n"
    "[regions.frankfurt]\nat = \"FRA\"\naddresses = [\"198.51.100.10\"]\n"
    "[policies.europe]\nregions = [\"frankfurt\", \"virginia\"]\nmax_addresses = 2\n"
    "[ttl]\nsteered = \"30s\"\nnegative = \"90s\"\n";

/// Reads `text` as a zone file beside these libraries.
ZoneReading read_with(std::string_view text, const Files& libraries) {
    std::map<std::string, std::shared_ptr<const Library>> read;
    for (const auto& [path, content] : libraries) {
        read[path] = read_library(path, content);
    }
    const LibraryReader reader =
        [&](const std::string& path) -> Result<std::shared_ptr<const Library>, std::string> {
        const auto found = read.find(path);
        if (found == read.end()) { return Failure{"cannot read " + path}; }
        return found->second;
    };
    return read_zone({"zone.toml", std::string(text), 7, {}, reader});
}

std::string zone_with(std::string_view use, std::string_view rest) {
    return "zone = \"a.example\"\nnameservers = [\"ns.b.example.\", \"ns.c.example.\"]\n" +
           std::string(use) + "\n" + std::string(rest);
}

std::vector<std::string> names_of(const std::vector<Region>& regions) {
    std::vector<std::string> names;
    for (const Region& region : regions) {
        names.push_back(region.file + " " + region.name);
    }
    return names;
}

TEST(Library, LendsItsTablesToTheZone) {
    const ZoneReading reading = read_with(
        zone_with("use = \"w.toml\"", "[records]\nwww.steer = \"europe\"\nx.steer = \"nearest\"\n"),
        {{"w.toml", std::string(kWorld)}});
    EXPECT_EQ(reported(reading), "");
    ASSERT_THAT(reading.zones, SizeIs(1));
    const Zone& zone = reading.zones[0];
    EXPECT_THAT(names_of(zone.regions), ElementsAre("w.toml virginia", "w.toml frankfurt"));
    ASSERT_THAT(zone.policies, SizeIs(2));
    EXPECT_EQ(zone.policies[0].name, "europe");
    EXPECT_THAT(zone.policies[0].regions, ElementsAre(1, 0));
    EXPECT_EQ(zone.policies[0].max_addresses, 2U);
    EXPECT_THAT(zone.policies[1].regions, ElementsAre(0, 1)) << "nearest: all there are";
    EXPECT_EQ(zone.ttls.steered, 30U);
    EXPECT_EQ(zone.ttls.negative, 90U);
    EXPECT_EQ(zone.owners[0].steer_ttl_seconds, 30U);
    ASSERT_THAT(zone.other_files, SizeIs(1));
    EXPECT_EQ(zone.other_files[0].path, "w.toml");
    EXPECT_EQ(zone.other_files[0].kind, FileKind::Library);
}

TEST(Library, TablesOfTheZonesOwnReplaceItsTablesWhole) {
    const ZoneReading reading =
        read_with(zone_with("use = [\"w.toml\"]",
                            "[regions.tokyo]\nat = \"NRT\"\naddresses = [\"203.0.113.1\"]\n"
                            "[regions.frankfurt]\nat = \"MUC\"\naddresses = [\"192.0.2.77\"]\n"
                            "[policies.europe]\n[ttl]\nstatic = \"5m\"\n"
                            "[records]\nwww.steer = \"europe\"\n"),
                  {{"w.toml", std::string(kWorld)}});
    EXPECT_EQ(reported(reading), "");
    ASSERT_THAT(reading.zones, SizeIs(1));
    const Zone& zone = reading.zones[0];
    EXPECT_THAT(names_of(zone.regions),
                ElementsAre("w.toml virginia", "zone.toml frankfurt", "zone.toml tokyo"));
    EXPECT_EQ(zone.regions[1].addresses[0].to_string(), "192.0.2.77");
    EXPECT_EQ(zone.regions[1].position.file, 0U);
    EXPECT_THAT(zone.policies[0].regions, ElementsAre(0, 1, 2)) << "not the library's two";
    EXPECT_EQ(zone.policies[0].max_addresses, 4U);
    EXPECT_EQ(zone.ttls.fixed, 300U);
    EXPECT_EQ(zone.ttls.steered, 60U) << "the default, not the library's";
    EXPECT_EQ(zone.ttls.negative, 60U);
}

TEST(Library, ItsPoliciesMeanTheRegionsThatTheZoneHas) {
    const Files libraries{{"w.toml", std::string(kWorld)},
                          {"p.toml", "[policies.east]\nregions = [\"tokyo\", \"frankfurt\"]\n"}};
    const std::string tokyo = "[regions.tokyo]\nat = \"NRT\"\naddresses = [\"203.0.113.1\"]\n";
    const ZoneReading good =
        read_with(zone_with("use = [\"p.toml\", \"w.toml\"]", tokyo), libraries);
    EXPECT_EQ(reported(good), "");
    EXPECT_THAT(good.zones.at(0).policies.at(0).regions, ElementsAre(2, 1));
    const ZoneReading bad = read_with(zone_with("use = [\"p.toml\", \"w.toml\"]", ""), libraries);
    EXPECT_TRUE(bad.zones.empty());
    EXPECT_EQ(reported(bad),
              "p.toml:2:12: error: policies.east.regions: no region is called \"tokyo\"\n"
              "    2 | regions = [\"tokyo\", \"frankfurt\"]\n      |            ^^^^^^^\n"
              "   regions here: \"virginia\", \"frankfurt\"\n   concerns the zone a.example\n");
}

TEST(Library, LendsServicesWhichThoseOfTheZoneReplaceWhole) {
    const Files libraries{
        {"w.toml", std::string(kWorld)},
        {"s.toml",
         "[services.api]\nttl = \"30s\"\naddresses.frankfurt = \"192.0.2.30\"\n"
         "[services.db]\npolicy = \"europe\"\naddresses.frankfurt = \"192.0.2.31\"\n"}};
    const std::string records = "[records]\na.steer = \"api\"\nd.steer = \"db\"\n";
    const std::string use = "use = [\"s.toml\", \"w.toml\"]";
    const ZoneReading lent = read_with(zone_with(use, records), libraries);
    EXPECT_EQ(reported(lent), "");
    ASSERT_THAT(lent.zones, SizeIs(1));
    ASSERT_THAT(lent.zones[0].services, SizeIs(2));
    EXPECT_EQ(lent.zones[0].services[0].addresses.at(1).at(0).to_string(), "192.0.2.30");
    EXPECT_EQ(lent.zones[0].services[0].position.file, 1U);
    EXPECT_EQ(lent.zones[0].policies[lent.zones[0].services[1].policy].name, "europe");

    const ZoneReading own =
        read_with(zone_with(use, "[services.api]\naddresses.virginia = \"192.0.2.40\"\n" + records),
                  libraries);
    EXPECT_EQ(reported(own), "");
    ASSERT_THAT(own.zones, SizeIs(1));
    ASSERT_THAT(own.zones[0].services, SizeIs(2));
    const Service& api = own.zones[0].services[0];
    EXPECT_EQ(api.addresses.at(0).at(0).to_string(), "192.0.2.40");
    EXPECT_TRUE(api.addresses.at(1).empty()) << "nothing is left of the library's";
    EXPECT_EQ(api.ttl_seconds, std::nullopt);
    EXPECT_EQ(api.position.file, 0U);
}

TEST(Library, ItsServicesMeanTheRegionsAndPoliciesThatTheZoneHas) {
    const Files libraries{
        {"w.toml", std::string(kWorld)},
        {"s.toml", "[services.api]\npolicy = \"asia\"\naddresses.tokyo = \"192.0.2.30\"\n"}};
    const std::string use = "use = [\"s.toml\", \"w.toml\"]";
    const ZoneReading good =
        read_with(zone_with(use,
                            "[regions.tokyo]\nat = \"NRT\"\naddresses = [\"203.0.113.1\"]\n"
                            "[policies.asia]\n[records]\na.steer = \"api\"\n"),
                  libraries);
    EXPECT_EQ(reported(good), "");
    EXPECT_THAT(good.zones, SizeIs(1));
    const ZoneReading bad =
        read_with(zone_with(use, "[policies.asia]\n[records]\na.steer = \"api\"\n"), libraries);
    EXPECT_EQ(reported(bad),
              "s.toml:3:11: error: services.api.addresses.tokyo: no region is called \"tokyo\"\n"
              "    3 | addresses.tokyo = \"192.0.2.30\"\n      |           ^^^^^\n"
              "   regions here: \"virginia\", \"frankfurt\"\n   concerns the zone a.example\n");
    const ZoneReading alone = read_zone({"s.toml", libraries.at("s.toml"), 1, {}});
    EXPECT_EQ(reported(alone),
              "s.toml:2:10: warning: services.api.policy: no policy of this library is called "
              "\"asia\"\n"
              "    2 | policy = \"asia\"\n      |          ^^^^^^\n"
              "   each zone that uses the service has to define it; policies here: \"nearest\"\n");
}

TEST(Library, ItsServicesMayDependOnThoseOfTheZone) {
    const Files libraries{{"w.toml", std::string(kWorld)},
                          {"s.toml", "[services.api]\ndepends = \"db\"\n"}};
    const std::string use = "use = [\"s.toml\", \"w.toml\"]";
    const ZoneReading good =
        read_with(zone_with(use, "[services.db]\n[records]\na.steer = \"api\"\n"), libraries);
    EXPECT_EQ(reported(good), "");
    ASSERT_THAT(good.zones, SizeIs(1));
    EXPECT_THAT(good.zones[0].services[0].depends, ::testing::ElementsAre(1U));
    EXPECT_EQ(reported(read_zone({"s.toml", libraries.at("s.toml"), 1, {}})),
              "s.toml:2:11: warning: services.api.depends: no service of this library is called "
              "\"db\"\n    2 | depends = \"db\"\n      |           ^^^^\n"
              "   each zone that uses the service has to define it; services here: \"api\"\n");
}

TEST(Library, TwoThatHaveTheSameTableAreAnErrorThatNamesBothPlaces) {
    const Files libraries{
        {"v.toml", "[ttl]\nstatic = \"5m\"\n" +
                       std::string(kWorld.substr(0, kWorld.find("[regions.frankfurt]")))},
        {"w.toml", std::string(kWorld)}};
    const ZoneReading bad =
        read_with(zone_with("use = [\n\"v.toml\",\n\"w.toml\"]", ""), libraries);
    EXPECT_TRUE(bad.zones.empty());
    EXPECT_EQ(
        reported(bad),
        "zone.toml:5:1: error: use: two of the libraries define [ttl]\n"
        "    5 | \"w.toml\"]\n      | ^^^^^^^^\n"
        "   at line 1 of v.toml and at line 10 of w.toml; leave one out, or write the table in "
        "this file, which replaces both\n"
        "zone.toml:5:1: error: use: two of the libraries define [regions.virginia]\n"
        "    5 | \"w.toml\"]\n      | ^^^^^^^^\n"
        "   at line 3 of v.toml and at line 1 of w.toml; leave one out, or write the table in "
        "this file, which replaces both\n");
    const ZoneReading decided = read_with(
        zone_with("use = [\"v.toml\", \"w.toml\"]",
                  "[regions.virginia]\nat = \"IAD\"\naddresses = [\"192.0.2.77\"]\n[ttl]\n"),
        libraries);
    EXPECT_EQ(reported(decided), "") << "what the zone has itself is the one that counts";
    EXPECT_THAT(names_of(decided.zones.at(0).regions),
                ElementsAre("zone.toml virginia", "w.toml frankfurt"));
}

TEST(Library, ThatCannotBeUsedIsToldWithoutAWordOfWhatFollows) {
    const std::string text = zone_with("use = \"w.toml\"", "[records]\nwww.steer = \"europe\"\n");
    EXPECT_EQ(reported(read_with(text, {})),
              "zone.toml:3:7: error: use: cannot read w.toml\n"
              "    3 | use = \"w.toml\"\n      |       ^^^^^^^^\n");
    EXPECT_THAT(reported(read_zone({"zone.toml", text, 1, {}})),
                HasSubstr("no other file can be read here"));
    EXPECT_THAT(reported(read_with(zone_with("use = \"../w.toml\"", ""), {})),
                HasSubstr("climbs with \"..\""));
    const ZoneReading faulty =
        read_with(text, {{"w.toml", "[regions.x]\nat = \"FRX\"\naddresses = [\"192.0.2.1\"]\n"}});
    EXPECT_TRUE(faulty.zones.empty());
    ASSERT_THAT(faulty.diagnostics, SizeIs(1)) << reported(faulty);
    EXPECT_THAT(to_line(faulty.diagnostics[0]),
                AllOf(StartsWith("w.toml:2:6: error: regions.x.at: no place is known as"),
                      EndsWith("; concerns the zone a.example")));
}

TEST(Library, IsUsedOnce) {
    EXPECT_EQ(reported(read_with(zone_with("use = [\"w.toml\", \"./w.toml\"]", ""),
                                 {{"w.toml", std::string(kWorld)}})),
              "zone.toml:3:18: error: use: \"./w.toml\" is used twice\n"
              "    3 | use = [\"w.toml\", \"./w.toml\"]\n      |                  ^^^^^^^^^^\n"
              "   the first one is at line 3\n");
}

TEST(Library, HoldsWhatCanBeSharedAndNothingElse) {
    const auto library =
        read_library("w.toml",
                     "use = \"x.toml\"\nrecords.www.a = \"192.0.2.1\"\nregion.x.at = \"FRA\"\n"
                     "groups.gulf.country = \"AE\"\n");
    std::string text;
    for (const Diagnostic& diagnostic : library->diagnostics) {
        text += to_line(diagnostic) + "\n";
    }
    EXPECT_EQ(text,
              "w.toml:1:1: error: use: a library uses no other library (name both in `use` of the "
              "zones)\n"
              "w.toml:2:1: error: records: a library has no `records` (this file is used as a "
              "library; what zones share are regions, policies, services, health and ttl)\n"
              "w.toml:3:1: error: region: unknown key \"region\" (did you mean \"regions\"? keys "
              "here: \"ttl\", \"regions\", \"policies\", \"health\", \"services\")\n"
              "w.toml:4:1: error: groups: not supported yet (Names for sets of clients.)\n");
    for (const char* key : {"zone", "nameservers", "contact", "soa", "records", "records_from",
                            "rollouts", "experiments", "expect", "dnssec", "transfer"}) {
        const auto refused = read_library("w.toml", std::string(key) + " = 1\n");
        ASSERT_THAT(refused->diagnostics, SizeIs(1)) << key;
        EXPECT_EQ(refused->diagnostics[0].code, "not-in-a-library") << key;
    }
}

TEST(Library, AMasterFileMayHoldTheSoaBesideItsTtls) {
    const NamedFileReader files = reader_of(
        {{"x", "@ 60 SOA a.c. b.c. 1 2h 15m 2w 5m\n NS a.c.\n NS b.c.\nwww A 192.0.2.1\n"}});
    const auto world = read_library("w.toml", std::string(kWorld));
    const ZoneReading reading =
        read_zone({"zone.toml", "zone = \"a.example\"\nuse = \"w.toml\"\nrecords_from = [\"x\"]\n",
                   7, files, [&](const std::string&) {
                       return Result<std::shared_ptr<const Library>, std::string>(world);
                   }});
    EXPECT_EQ(reported(reading), "");
    ASSERT_THAT(reading.zones, SizeIs(1));
    EXPECT_EQ(reading.zones[0].ttls.negative, 300U) << "MINIMUM of the SOA";
    ASSERT_THAT(reading.zones[0].other_files, SizeIs(2));
    EXPECT_EQ(reading.zones[0].owners[0].position.file, 2U);
}

TEST(Library, AFileWithoutZoneIsOneWhenItHasTablesAndNothingOfAZone) {
    const ZoneReading library = read_zone({"w.toml", std::string(kWorld), 1, {}});
    EXPECT_NE(library.library, nullptr);
    EXPECT_EQ(reported(library), "");
    const ZoneReading neither = read_zone({"w.toml", std::string(kWorld) + "[records]\n", 1, {}});
    EXPECT_EQ(neither.library, nullptr);
    EXPECT_THAT(reported(neither), HasSubstr("zone: this key is missing"));
    EXPECT_EQ(read_zone({"w.toml", "# nothing\n", 1, {}}).library, nullptr);
}

TEST(Library, CanBeCheckedAlone) {
    EXPECT_EQ(reported(read_zone({"w.toml",
                                  "[policies.east]\nregions = [\"tokyo\"]\n[regions.osaka]\n"
                                  "at = \"KIX\"\naddresses = [\"192.0.2.1\"]\n",
                                  1,
                                  {}})),
              "w.toml:2:12: warning: policies.east.regions: no region of this library is called "
              "\"tokyo\"\n    2 | regions = [\"tokyo\"]\n      |            ^^^^^^^\n"
              "   each zone that uses the policy has to define it; regions here: \"osaka\"\n");
    EXPECT_THAT(reported(read_zone({"w.toml",
                                    "[policies.all]\n[regions.a]\nat = \"KIX\"\n"
                                    "addresses = [\"192.0.2.1\"]\n[regions.b]\nat = \"NRT\"\n"
                                    "addresses = [\"2001:db8::1\"]\n",
                                    1,
                                    {}})),
                HasSubstr("w.toml:1:11: error: policies.all: some of its regions have no IPv4"));
}

TEST(ToldOnce, JoinsWhatZonesSayOfALibrary) {
    const Diagnostic in_library{Severity::Error, "w.toml", {1, 2, 3}, "k", "m", "", ""};
    Diagnostics all;
    for (const char* zone : {"a", "b", "c", "d", "e"}) {
        all.push_back(in_library);
        all.back().zones = {zone};
        all.push_back({Severity::Error, std::string(zone) + ".toml", {1, 1, 1}, "", "m", "", ""});
    }
    all.push_back(in_library);
    const Diagnostics once = merged_by_position(all);
    ASSERT_THAT(once, SizeIs(6));
    EXPECT_EQ(to_line(once[0]), "w.toml:1:2: error: k: m; concerns the zones a, b and 3 more");
}

}  // namespace
}  // namespace meridian::zones
