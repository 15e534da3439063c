// Tests the model that is read from master files, and the diagnostics of these files.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "meridian/dns/rdata.h"
#include "meridian/limits.h"
#include "meridian/zones/zone_reader.h"

namespace meridian::zones {
namespace {

using Files = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;
using testing::HasSubstr;

constexpr std::string_view kToml = "zone = \"beigel.example\"\nrecords_from = [\"x.zone\"]\n";
constexpr std::string_view kApex =
    "$TTL 1h\n"
    "@ IN SOA ns1 hostmaster 1 2h 15m 2w 1m\n"
    "  IN NS ns1\n"
    "  IN NS ns2\n"
    "ns1 IN A 192.0.2.53\n"
    "ns2 IN A 198.51.100.53\n";

NamedFileReader reader_of(Files files) {
    return [files = std::move(files)](const std::string& path) -> Result<NamedFile, std::string> {
        const auto found = files.find(path);
        if (found == files.end()) { return Failure{"cannot read " + path + ": no such file"}; }
        return NamedFile{path, std::make_shared<const std::string>(found->second)};
    };
}

ZoneReading read(std::string file, std::string_view text, Files files = {}) {
    return read_zone({std::move(file), std::string(text), 7, reader_of(std::move(files))});
}

std::string reported(const ZoneReading& reading) {
    std::string text;
    for (const Diagnostic& diagnostic : reading.diagnostics) {
        text += to_text(diagnostic, false);
    }
    return text;
}

/// The bare master file of beigel.example: SOA, nameservers, and `records`.
ZoneReading read_records(std::string_view records, Files files = {}) {
    return read("zones/beigel.example.zone", std::string(kApex) + std::string(records),
                std::move(files));
}

/// "NAME TTL TYPE DATA" of every record but those of the apex that every zone has, sorted.
Lines records_of(const Zone& zone) {
    Lines lines;
    for (const Owner& owner : zone.owners) {
        for (const OwnedSet& set : owner.sets) {
            for (const dns::Rdata& rdata : set.records.records) {
                lines.push_back(owner.name.to_text() + " " +
                                std::to_string(set.records.ttl_seconds) + " " +
                                dns::type_to_text(set.records.type) + " " +
                                dns::rdata_to_text(set.records.type, rdata));
            }
        }
    }
    std::ranges::sort(lines);
    return lines;
}

/// Those of the records behind `kApex`, which must load without a word.
Lines good(std::string_view records, Files files = {}) {
    const ZoneReading reading = read_records(records, std::move(files));
    EXPECT_EQ(reported(reading), "");
    if (reading.zones.empty()) { return {}; }
    Lines lines = records_of(reading.zones.at(0));
    std::erase(lines, "ns1.beigel.example. 3600 A 192.0.2.53");
    std::erase(lines, "ns2.beigel.example. 3600 A 198.51.100.53");
    return lines;
}

std::string bad(std::string_view records, Files files = {}) {
    const ZoneReading reading = read_records(records, std::move(files));
    EXPECT_TRUE(reading.zones.empty());
    return reported(reading);
}

TEST(MasterFile, TakesTtlAndClassInEitherOrderOrNone) {
    EXPECT_EQ(good("a 300 IN A 192.0.2.1\nb IN 300 A 192.0.2.1\nc 5m A 192.0.2.1\n"
                   "d in A 192.0.2.1\ne A 192.0.2.1\nf CLASS1 1W TYPE1 \\# 4 C0000201\n"
                   "  TXT a \"b c\" \\065\\\"\n"),
              (Lines{"a.beigel.example. 300 A 192.0.2.1", "b.beigel.example. 300 A 192.0.2.1",
                     "c.beigel.example. 300 A 192.0.2.1", "d.beigel.example. 3600 A 192.0.2.1",
                     "e.beigel.example. 3600 A 192.0.2.1",
                     "f.beigel.example. 3600 TXT "
                     "\"a\" \"b c\" \"A\\\"\"",
                     "f.beigel.example. 604800 A 192.0.2.1"}));
}

TEST(MasterFile, ATtlIsThatOfTheRecordElseOfTheDirectiveElseOfTheRecordBefore) {
    const ZoneReading reading =
        read("beigel.example.zone",
             "@ 1d SOA ns.else.example. root 1 2h 15m 2w 1m\n  NS ns.else.example.\n  NS "
             "ns2.else.example.\n"
             "a A 192.0.2.1\nb 60 A 192.0.2.1\nc A 192.0.2.1\n$TTL 2h\nd A 192.0.2.1\n"
             "e 60 A 192.0.2.1\nf A 192.0.2.1\n");
    EXPECT_EQ(reported(reading), "");
    ASSERT_FALSE(reading.zones.empty());
    EXPECT_EQ(reading.zones.at(0).soa.ttl_seconds, 86400U);
    EXPECT_EQ(records_of(reading.zones.at(0)),
              (Lines{"a.beigel.example. 86400 A 192.0.2.1", "b.beigel.example. 60 A 192.0.2.1",
                     "c.beigel.example. 60 A 192.0.2.1", "d.beigel.example. 7200 A 192.0.2.1",
                     "e.beigel.example. 60 A 192.0.2.1", "f.beigel.example. 7200 A 192.0.2.1"}));
}

TEST(MasterFile, NamesGoOnWithTheOrigin) {
    EXPECT_EQ(good("$ORIGIN eu\nwww A 192.0.2.1\n@ MX 10 www\n$ORIGIN beigel.example.\n"
                   "a\\.b A 192.0.2.2\n\\100\\$ CNAME @\n*.x CNAME www.eu\nWWW.EU A 192.0.2.3\n"),
              (Lines{"*.x.beigel.example. 3600 CNAME www.eu.beigel.example.",
                     "a\\.b.beigel.example. 3600 A 192.0.2.2",
                     "d\\$.beigel.example. 3600 CNAME beigel.example.",
                     "eu.beigel.example. 3600 MX 10 www.eu.beigel.example.",
                     "www.eu.beigel.example. 3600 A 192.0.2.1",
                     "www.eu.beigel.example. 3600 A 192.0.2.3"}));
}

TEST(MasterFile, IncludesFilesWithTheirOwnOrigin) {
    EXPECT_EQ(
        good("a A 192.0.2.1\n$INCLUDE sub/one eu\n  TXT \"still a\"\n$INCLUDE \"sub/one\"\n",
             {{"sub/one", "b A 192.0.2.2\n$INCLUDE two\n$ORIGIN us\n"},
              {"sub/two", "c A 192.0.2.3"}}),
        (Lines{"a.beigel.example. 3600 A 192.0.2.1", "a.beigel.example. 3600 TXT \"still a\"",
               "b.beigel.example. 3600 A 192.0.2.2", "b.eu.beigel.example. 3600 A 192.0.2.2",
               "c.beigel.example. 3600 A 192.0.2.3", "c.eu.beigel.example. 3600 A 192.0.2.3"}));
}

TEST(MasterFile, WritesOutGenerate) {
    EXPECT_EQ(
        good("$GENERATE 1-3/2 host-${0,2} 5m IN A 192.0.2.$\n"
             "$GENERATE 1-1 m$ MX \"10 ns$\"\n$GENERATE 8-8 t$ TXT \"\\\"a b $\\\" $$\"\n"),
        (Lines{"host-01.beigel.example. 300 A 192.0.2.1", "host-03.beigel.example. 300 A 192.0.2.3",
               "m1.beigel.example. 3600 MX 10 ns1.beigel.example.",
               "t8.beigel.example. 3600 TXT \"a b 8\" \"$\""}));
}

TEST(MasterFile, ARecordThatIsThereTwiceIsOne) {
    EXPECT_EQ(good("a MX 10 ns1\nA MX 10 NS1\n@ SOA ns1 hostmaster 1 2h 15m 2w 1m\n"),
              (Lines{"a.beigel.example. 3600 MX 10 ns1.beigel.example."}));
}

TEST(MasterFile, TwinsAreFoundAmongManyRecordsOfSeveralSets) {
    std::string text;
    for (const char* type : {" MX 10 Host", " PTR host", " MX 10 hOST", " PTR HOST"}) {
        for (int i = 0; i < 500; ++i) {
            for (const char* owner : {"a", "b"}) {
                text += owner + std::string(type) + std::to_string(i) + ".example.net.\n";
            }
        }
    }
    const ZoneReading reading = read_records(text);
    ASSERT_EQ(reading.zones.size(), 1U);
    const Lines lines = records_of(reading.zones.at(0));
    EXPECT_EQ(lines.size(), 2002U);  // with the addresses of the nameservers
    EXPECT_EQ(std::ranges::count(lines, "b.beigel.example. 3600 MX 10 Host499.example.net."), 1);
}

/// The TTL of the zone's SOA, then those of its records, from a file that says no more than `text`.
std::vector<std::uint32_t> ttls_of(const std::string& text) {
    const ZoneReading reading = read("zones/beigel.example.zone", text);
    if (reading.zones.empty()) { return {}; }
    const Zone& zone = reading.zones.at(0);
    std::vector<std::uint32_t> ttls{zone.soa.ttl_seconds.value_or(0),
                                    zone.nameservers_ttl_seconds.value_or(0)};
    for (const Owner& owner : zone.owners) {
        ttls.push_back(owner.sets.at(0).records.ttl_seconds);
    }
    return ttls;
}

/// The figures are those that named-compilezone of BIND 9.18 writes.
TEST(MasterFile, ARecordWithoutATtlHasWhatBindGivesIt) {
    using Ttls = std::vector<std::uint32_t>;
    const std::string numbers = " SOA ns.example.net. admin 1 2 3 4 5\n";
    const std::string records = "@ NS ns.example.net.\na 77 A 192.0.2.1\nb A 192.0.2.1\n";
    EXPECT_EQ(ttls_of("$TTL 300\n@" + numbers + records), (Ttls{300, 300, 77, 300}));
    EXPECT_EQ(ttls_of("@" + numbers + records), (Ttls{5, 5, 77, 5})) << "MINIMUM, to the end";
    EXPECT_EQ(ttls_of("@ 99" + numbers + records), (Ttls{99, 99, 77, 77})) << "the one before";
    EXPECT_EQ(ttls_of("@" + numbers + records + "$TTL 60\nc A 192.0.2.1\n"),
              (Ttls{5, 5, 77, 5, 60}));
    EXPECT_EQ(ttls_of("z 22 A 192.0.2.1\n@" + numbers + records), (Ttls{22, 22, 22, 77, 77}));
}

TEST(MasterFile, LoadsRecordsOfNewerTypes) {
    EXPECT_EQ(
        good("@ HTTPS 1 . alpn=\"h2,h3\" ipv4hint=192.0.2.1\n"
             "svc SVCB 2 target.elsewhere.example. ( port=8443\n key65000=\"a b\" )\n"
             "@ CAA 0 issue \"ca.example; validationmethods=dns-01\"\n"
             "sub NS ns.elsewhere.example.\nsub DS 60485 5 1 ( 2BB183AF5F22588179A53B0A\n"
             " 98631FAD1A292118 )\n"
             "odd TYPE65534 \\# 3 ( 01 02\n 03 )\n"
             "odd CLASS1 TYPE15 \\# 3 000A00\n"),
        (Lines{"beigel.example. 3600 CAA 0 issue \"ca.example; validationmethods=dns-01\"",
               "beigel.example. 3600 HTTPS 1 . alpn=\"h2,h3\" ipv4hint=192.0.2.1",
               "odd.beigel.example. 3600 MX 10 .",
               "odd.beigel.example. 3600 TYPE65534 \\# 3 010203",
               "sub.beigel.example. 3600 DS 60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118",
               "sub.beigel.example. 3600 NS ns.elsewhere.example.",
               "svc.beigel.example. 3600 SVCB 2 target.elsewhere.example. port=8443 "
               "key65000=\"a b\""}));
}

TEST(MasterFile, OneTtlOfARecordSetIsTaken) {
    const ZoneReading reading = read_records("a 60 A 192.0.2.1\na 90 A 192.0.2.2\n");
    EXPECT_FALSE(reading.zones.empty());
    EXPECT_EQ(reported(reading),
              "zones/beigel.example.zone:8:6: warning: a TTL of 90 beside 60 at line 7, which is "
              "used\n    8 | a 90 A 192.0.2.2\n      |      ^\n"
              "   records of one name and type have one TTL (RFC 2181 \u00a75.2)\n");
}

TEST(MasterFile, WarnsOfAForgottenDot) {
    EXPECT_THAT(reported(read_records("www.beigel.example A 192.0.2.1\n")),
                HasSubstr("is taken as www.beigel.example.beigel.example."));
    EXPECT_THAT(reported(read_records("www CNAME ns1.beigel.example\n")),
                HasSubstr("the record points to ns1.beigel.example.beigel.example."));
}

TEST(MasterFile, AllErrorsAreToldAtOnceUpToTheLimit) {
    EXPECT_EQ(read_records("a A x\nb A 192.0.2.1\nc A x\n").diagnostics.size(), 2U);
    std::string many;
    for (int i = 0; i < 200; ++i) {
        many += "a A x\n";
    }
    EXPECT_EQ(read_records(many).diagnostics.size(), kMaxDiagnostics);
}

TEST(MasterFile, ErrorsInIncludedFilesPointThere) {
    EXPECT_EQ(bad("$INCLUDE one\n", {{"one", "a A 192.0.2.1\n  A nonsense\n"}}),
              "one:2:5: error: A: address \"nonsense\" is no IPv4 address\n    2 |   A nonsense\n"
              "      |     ^^^^^^^^\n   expected four numbers up to 255 without leading zeros\n");
    EXPECT_THAT(bad("$INCLUDE one\n", {{"one", "  A 192.0.2.1\n"}}),
                HasSubstr("one:1:3: error: the first record of a file needs an owner"));
    EXPECT_THAT(bad("$INCLUDE one\n", {{"one", "$INCLUDE two"}, {"two", "$INCLUDE one"}}),
                HasSubstr("two:1:10: error: \"one\" would include itself"));
}

TEST(MasterFile, IncludesAreBounded) {
    Files deep;
    for (int i = 0; i < 20; ++i) {
        deep["f" + std::to_string(i)] = "$INCLUDE f" + std::to_string(i + 1) + "\n";
    }
    EXPECT_THAT(bad("$INCLUDE f0\n", deep), HasSubstr("files are included 8 deep at most"));
    std::string ten;
    for (int i = 0; i < 10; ++i) {
        ten += "$INCLUDE g1\n$INCLUDE g2\n";
    }
    EXPECT_THAT(bad(ten, {{"g1", "$INCLUDE g3\n"},
                          {"g2", std::string("$INCLUDE g3\n")},
                          {"g3",
                           [] {
                               std::string text;
                               for (int i = 0; i < 60; ++i) {
                                   text += "$INCLUDE g4\n";
                               }
                               return text;
                           }()},
                          {"g4", ""}}),
                HasSubstr("a zone has at most 1000 $INCLUDE"));
}

TEST(RecordsFrom, PutsMasterFilesBesideTheTable) {
    const std::string toml =
        std::string(kToml) + "[records]\nwww.a = \"192.0.2.1\"\nwww.ttl = \"5m\"\n";
    const ZoneReading reading =
        read("zone.toml", toml, {{"x.zone", std::string(kApex) + "www TXT hi\n"}});
    EXPECT_EQ(reported(reading), "");
    ASSERT_FALSE(reading.zones.empty());
    EXPECT_EQ(
        records_of(reading.zones.at(0)),
        (Lines{"ns1.beigel.example. 3600 A 192.0.2.53", "ns2.beigel.example. 3600 A 198.51.100.53",
               "www.beigel.example. 300 A 192.0.2.1", "www.beigel.example. 3600 TXT \"hi\""}));
    EXPECT_EQ(reading.zones.at(0).soa.serial, 1U);
    ASSERT_EQ(reading.zones.at(0).other_files.size(), 1U);
    EXPECT_EQ(reading.zones.at(0).other_files[0].path, "x.zone");
}

TEST(RecordsFrom, TheTableMayHoldTheApexAndTheTtls) {
    const ZoneReading reading =
        read("zone.toml",
             "zone = \"beigel.example\"\nnameservers = [\"ns.a.example.\", \"ns.b.example.\"]\n"
             "records_from = [\"a.zone\", \"b.zone\"]\n[ttl]\nstatic = \"2h\"\n",
             {{"a.zone", "www A 192.0.2.1\n"}, {"b.zone", "WWW A 192.0.2.2\nb 60 A 192.0.2.3\n"}});
    EXPECT_EQ(reported(reading), "");
    ASSERT_FALSE(reading.zones.empty());
    EXPECT_EQ(reading.zones.at(0).soa.serial, 7U);
    EXPECT_EQ(records_of(reading.zones.at(0)),
              (Lines{"b.beigel.example. 60 A 192.0.2.3", "www.beigel.example. 7200 A 192.0.2.1",
                     "www.beigel.example. 7200 A 192.0.2.2"}));
}

TEST(RecordsFrom, WhatStandsInBothPlacesIsAnErrorThatNamesBoth) {
    EXPECT_EQ(reported(read("zone.toml", std::string(kToml) + "[records]\nwww.a = \"192.0.2.1\"\n",
                            {{"x.zone", std::string(kApex) + "www A 192.0.2.2\n"}})),
              "x.zone:7:5: error: \"www\" has A records in [records], too\n"
              "    7 | www A 192.0.2.2\n      |     ^\n"
              "   those are at line 4 of zone.toml; keep one of the two places\n");
    const ZoneReading apex = read("zone.toml",
                                  std::string(kToml) +
                                      "nameservers = [\"ns1\"]\ncontact = \"a@b.example\"\n"
                                      "soa.serial = 3\nttl.negative = \"1m\"\n",
                                  {{"x.zone", std::string(kApex)}});
    ASSERT_EQ(apex.diagnostics.size(), 4U) << reported(apex);
    EXPECT_EQ(to_line(apex.diagnostics[0]),
              "zone.toml:3:1: error: nameservers: the NS records of the zone stand in a master "
              "file, too (those are at line 3 of x.zone; keep one of the two places)");
    EXPECT_EQ(to_line(apex.diagnostics[2]),
              "zone.toml:5:1: error: soa: the SOA records of the zone stand in a master file, too "
              "(those are at line 2 of x.zone; keep one of the two places)");
}

TEST(RecordsFrom, ASteeredNameHasNoAddressesInTheMasterFileEither) {
    const std::string toml = std::string(kToml) +
                             "[regions.a]\nat = \"FRA\"\naddresses = "
                             "[\"192.0.2.9\"]\n[records]\nwww.steer = \"nearest\"\n";
    EXPECT_THAT(
        reported(read("zone.toml", toml, {{"x.zone", std::string(kApex) + "www A 192.0.2.2\n"}})),
        HasSubstr("A is at line 7 of x.zone"));
}

TEST(RecordsFrom, TellsOfFilesThatCannotBeRead) {
    const std::string missing = reported(read("zone.toml", kToml));
    EXPECT_THAT(missing, HasSubstr("zone.toml:2:17: error: records_from: cannot read x.zone"));
    EXPECT_THAT(reported(read_zone({"zone.toml", std::string(kToml), 1})),
                HasSubstr("no other file can be read here"));
    EXPECT_THAT(reported(read("zone.toml", "zone = \"a.example\"\nrecords_from = [\"../x\"]\n")),
                HasSubstr("climbs with \"..\""));
    EXPECT_THAT(reported(read("zone.toml", kToml, {{"x.zone", "a A 192.0.2.1\n"}})),
                HasSubstr("no master file has NS records of the zone itself"));
}

TEST(BareMasterFile, NeedsAnApex) {
    EXPECT_EQ(reported(read("a.example.zone", "")),
              "a.example.zone: error: there is no SOA record of a.example.\n"
              "   a master file is called after its zone, with \".zone\" at the end\n");
    EXPECT_THAT(reported(read("a.example.zone", "@ 60 SOA a b 1 2 3 4 5\n")),
                HasSubstr("there are no NS records of a.example."));
    EXPECT_TRUE(read("a..example.zone", kApex).zones.empty());
    EXPECT_TRUE(read(".zone", kApex).zones.empty());
}

}  // namespace
}  // namespace meridian::zones
