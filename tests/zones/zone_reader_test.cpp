// Tests what the model of a zone holds once its file is read.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/zone_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "meridian/dns/rdata.h"
#include "meridian/geo/places.h"
#include "meridian/zones/schema.h"
#include "meridian/zones/toml_document.h"

namespace meridian::zones {
namespace {

constexpr std::string_view kHead = "zone = \"example.org\"\nnameservers = [\"ns1\", \"ns2\"]\n";
constexpr std::string_view kRegions =
    "[regions.virginia]\nat = [38.95, -77]\naddresses = [\"192.0.2.10\", \"2001:db8:1::10\"]\n"
    "[regions.frankfurt]\nat = \"fra\"\naddresses = [\"198.51.100.10\", \"2001:db8:2::10\"]\n"
    "[regions.tokyo]\nat = \"Tokyo, JP\"\naddresses = [\"203.0.113.10\", \"2001:db8:3::10\"]\n";
constexpr std::string_view kRecords =
    "[records]\nns1.a = \"192.0.2.53\"\nns2.a = \"198.51.100.53\"\n";

std::string join(std::initializer_list<std::string_view> parts) {
    std::string result;
    for (const std::string_view part : parts) {
        result += part;
    }
    return result;
}

Zone read(std::initializer_list<std::string_view> parts) {
    ZoneReading reading = read_zone({"zone.toml", join(parts), 7});
    std::string reported;
    for (const Diagnostic& diagnostic : reading.diagnostics) {
        reported += to_text(diagnostic, false);
    }
    EXPECT_EQ(reported, "");
    EXPECT_FALSE(reading.zones.empty());
    return !reading.zones.empty() ? std::move(reading.zones.at(0)) : Zone{};
}

const Owner& owner(const Zone& zone, std::string_view name) {
    const dns::Name wanted = dns::Name::parse(name, zone.apex).value();
    for (const Owner& candidate : zone.owners) {
        if (candidate.name == wanted) { return candidate; }
    }
    ADD_FAILURE() << name;
    static const Owner kNone;
    return kNone;
}

/// "MX 3600 10 mail.example.org." a record, in the order of the file.
std::vector<std::string> records(const Zone& zone, std::string_view name) {
    std::vector<std::string> result;
    for (const OwnedSet& set : owner(zone, name).sets) {
        for (const dns::Rdata& rdata : set.records.records) {
            result.push_back(dns::type_to_text(set.records.type) + " " +
                             std::to_string(set.records.ttl_seconds) + " " +
                             dns::rdata_to_text(set.records.type, rdata));
        }
    }
    return result;
}

using Lines = std::vector<std::string>;

TEST(ZoneReader, FillsInWhatTheFileDoesNotSay) {
    const Zone zone = read({kHead, kRecords});
    EXPECT_EQ(zone.apex.to_text(), "example.org.");
    ASSERT_EQ(zone.nameservers.size(), 2u);
    EXPECT_EQ(zone.nameservers[1].to_text(), "ns2.example.org.");
    EXPECT_EQ(zone.soa.primary.to_text(), "ns1.example.org.");
    EXPECT_EQ(zone.soa.mailbox.to_text(), "hostmaster.example.org.");
    EXPECT_EQ(zone.soa.serial, 7u);
    EXPECT_EQ(zone.soa.refresh, 7200u);
    EXPECT_EQ(zone.soa.retry, 900u);
    EXPECT_EQ(zone.soa.expire, 1209600u);
    EXPECT_EQ(zone.ttls.steered, 60u);
    EXPECT_EQ(zone.ttls.degraded, 20u);
    EXPECT_EQ(zone.ttls.fixed, 3600u);
    EXPECT_EQ(zone.ttls.infrastructure, 86400u);
    EXPECT_EQ(zone.ttls.negative, 60u);
    EXPECT_TRUE(zone.policies.empty());
}

/// `PREFIX.KEY = DEFAULT` for each row of the table `name` whose default is no mere words.
std::string defaults_of(std::string_view name, std::string_view prefix) {
    std::string written;
    for (const KeyRow& table : schema::zone_keys()) {
        if (table.key != name) { continue; }
        for (const KeyRow& row : table.rows) {
            const std::string line = join({prefix, ".", row.key, " = ", row.fallback, "\n"});
            const bool works = row.status != Status::NotSupportedYet;
            if (works && read_toml("t", line).ok()) { written += line; }
        }
    }
    return written;
}

TEST(ZoneReader, TakesAsManyNameserversAsItSays) {
    std::string text = "zone = \"a.example\"\nnameservers = [";
    for (int number = 1; number <= 64; ++number) {
        text += "\"ns" + std::to_string(number) + ".example.net.\",";
    }
    EXPECT_EQ(read({text, "]"}).nameservers.size(), 64U);
}

TEST(ZoneReader, DefaultsAreThoseThatTheSchemaTells) {
    const std::string written = defaults_of("soa", "soa") + defaults_of("ttl", "ttl");
    const Zone usual = read({kHead, kRecords});
    const Zone zone = read({kHead, written, kRecords});
    EXPECT_EQ(zone.soa.refresh, usual.soa.refresh);
    EXPECT_EQ(zone.soa.retry, usual.soa.retry);
    EXPECT_EQ(zone.soa.expire, usual.soa.expire);
    EXPECT_EQ(zone.ttls.steered, usual.ttls.steered);
    EXPECT_EQ(zone.ttls.degraded, usual.ttls.degraded);
    EXPECT_EQ(zone.ttls.fixed, usual.ttls.fixed);
    EXPECT_EQ(zone.ttls.infrastructure, usual.ttls.infrastructure);
    EXPECT_EQ(zone.ttls.negative, usual.ttls.negative);
    EXPECT_EQ(std::ranges::count(written, '\n'), 8) << written;
}

TEST(ZoneReader, DefaultsOfPoliciesAreThoseThatTheSchemaTells) {
    constexpr std::string_view kSteered = "www.steer = \"nearest\"\n";
    const std::string written = defaults_of("policies", "policies.nearest");
    EXPECT_EQ(std::ranges::count(written, '\n'), 3) << written;
    const Zone usual = read({kHead, kRegions, kRecords, kSteered});
    const Zone zone = read({kHead, written, kRegions, kRecords, kSteered});
    ASSERT_EQ(usual.policies.size(), 1u);
    ASSERT_EQ(zone.policies.size(), 1u);
    EXPECT_EQ(zone.policies[0].max_addresses, usual.policies[0].max_addresses);
    EXPECT_EQ(zone.policies[0].client_subnet, usual.policies[0].client_subnet);
    EXPECT_EQ(zone.policies[0].min_regions, usual.policies[0].min_regions);
    EXPECT_EQ(zone.policies[0].missing_family, usual.policies[0].missing_family);
    EXPECT_EQ(zone.policies[0].regions, usual.policies[0].regions);
    EXPECT_EQ(zone.policies[0].default_order, usual.policies[0].default_order);
}

TEST(ZoneReader, ReadsServices) {
    const Zone zone =
        read({kHead, "ttl.steered = \"50s\"\n", kRegions,
              "[policies.two]\nregions = [\"tokyo\", \"virginia\"]\n"
              "[services.api]\npolicy = \"two\"\nttl = \"30s\"\n"
              "addresses.virginia = [\"192.0.2.20\", \"2001:db8::20\"]\n"
              "[services.plain]\n",
              kRecords,
              "a.steer = \"api\"\na.https = \"1 . alpn=h2\"\nb.steer = \"api\"\nb.ttl = \"40s\"\n"
              "c.steer = \"plain\"\nd.steer = \"nearest\"\ne.steer = \"nearest\"\n"});
    ASSERT_EQ(zone.services.size(), 3u) << "one for both names that `nearest` steers itself";
    const Service& api = zone.services[0];
    EXPECT_EQ(api.name, "api");
    EXPECT_EQ(zone.policies[api.policy].name, "two");
    EXPECT_EQ(api.ttl_seconds, 30u);
    EXPECT_EQ(api.position.column, 11u);
    ASSERT_EQ(api.addresses.size(), 3u);
    EXPECT_EQ(addresses_of(zone, api, 0).size(), 2u);
    EXPECT_EQ(addresses_of(zone, api, 0)[1].to_string(), "2001:db8::20");
    EXPECT_TRUE(addresses_of(zone, api, 2).empty()) << "tokyo is no part of it";
    const Service& plain = zone.services[1];
    EXPECT_EQ(plain.name, "plain");
    EXPECT_EQ(zone.policies[plain.policy].name, "nearest");
    EXPECT_EQ(plain.ttl_seconds, std::nullopt);
    EXPECT_EQ(addresses_of(zone, plain, 0), zone.regions[0].addresses);
    EXPECT_EQ(zone.services[2].name, "");
    EXPECT_EQ(zone.services[2].policy, plain.policy);

    EXPECT_EQ(owner(zone, "a").steer, 0u);
    EXPECT_EQ(owner(zone, "a").steer_ttl_seconds, 30u);
    EXPECT_EQ(owner(zone, "a").sets.at(0).records.ttl_seconds, 30u) << "HTTPS beside it";
    EXPECT_EQ(owner(zone, "b").steer_ttl_seconds, 40u);
    EXPECT_EQ(owner(zone, "c").steer, 1u);
    EXPECT_EQ(owner(zone, "c").steer_ttl_seconds, 50u);
    EXPECT_EQ(owner(zone, "d").steer, 2u);
    EXPECT_EQ(owner(zone, "e").steer, 2u);
}

TEST(ZoneReader, ReadsSoaContactAndTtls) {
    const Zone zone =
        read({kHead,
              "contact = \"dns.admin@mail.example.net\"\n"
              "soa = { primary = \"hidden.example.net.\", refresh = \"1h\", retry = 300, expire = "
              "\"1w\", "
              "serial = 4294967295 }\n"
              "[ttl]\nsteered = \"30s\"\ndegraded = 10\nstatic = \"2h\"\ninfrastructure = \"2d\"\n"
              "negative = \"5m\"\n",
              kRecords});
    EXPECT_EQ(zone.soa.mailbox.to_text(), "dns\\.admin.mail.example.net.");
    EXPECT_EQ(zone.soa.primary.to_text(), "hidden.example.net.");
    EXPECT_EQ(zone.soa.refresh, 3600u);
    EXPECT_EQ(zone.soa.retry, 300u);
    EXPECT_EQ(zone.soa.expire, 604800u);
    EXPECT_EQ(zone.soa.serial, 4294967295u);
    EXPECT_EQ(zone.ttls.steered, 30u);
    EXPECT_EQ(zone.ttls.degraded, 10u);
    EXPECT_EQ(zone.ttls.fixed, 7200u);
    EXPECT_EQ(zone.ttls.infrastructure, 172800u);
    EXPECT_EQ(zone.ttls.negative, 300u);
}

TEST(ZoneReader, ReadsRegionsByCoordinatesCodeAndCity) {
    const Zone zone = read({kHead, kRegions, kRecords});
    ASSERT_EQ(zone.regions.size(), 3u);
    EXPECT_EQ(zone.regions[0].name, "virginia");
    EXPECT_EQ(zone.regions[0].at, (geo::Coordinates{38.95, -77}));
    EXPECT_EQ(zone.regions[1].at, geo::find_place("FRA")->at);
    EXPECT_EQ(zone.regions[2].at, geo::find_place("Tokyo, JP")->at);
    ASSERT_EQ(zone.regions[0].addresses.size(), 2u);
    EXPECT_EQ(zone.regions[0].addresses[1].to_string(), "2001:db8:1::10");
    EXPECT_EQ(zone.regions[1].position, (TextPosition{6, 10, 9}));
}

/// The diagnostics of a zone with a region there.
Diagnostics reported_of_place(geo::Coordinates at) {
    const std::string place = std::to_string(at.latitude) + ", " + std::to_string(at.longitude);
    return read_zone(
               {"zone.toml",
                join({kHead, "[regions.one]\nat = [", place, "]\naddresses = [\"192.0.2.1\"]\n",
                      kRecords, "www.steer = \"nearest\"\n"}),
                7})
        .diagnostics;
}

TEST(ZoneReader, WarnsOfASwapNeverInACityAndForMostOfThoseThatMayBeSwapped) {
    std::size_t swappable = 0;
    std::size_t warned = 0;
    for (std::size_t i = 0; i < geo::places().size(); i += 4) {  // all of them take seconds
        const geo::Place& place = geo::places()[i];
        EXPECT_TRUE(reported_of_place(place.at).empty()) << geo::city_and_country(place);
        if (std::abs(place.at.longitude) > 90) { continue; }  // an error, once swapped
        ++swappable;
        const Diagnostics reported = reported_of_place({place.at.longitude, place.at.latitude});
        if (!reported.empty() && reported[0].code == "coordinates-likely-swapped") { ++warned; }
    }
    EXPECT_GE(swappable, 150u);
    EXPECT_GE(warned * 100, swappable * 60);
}

TEST(ZoneReader, SteersByTheBuiltInPolicyOverAllRegions) {
    const Zone zone = read({kHead, kRegions, kRecords,
                            "\"@\".steer = \"nearest\"\n\"*.shops\".steer = \"nearest\"\n"
                            "\"*.shops\".ttl = \"45s\"\n"});
    ASSERT_EQ(zone.policies.size(), 1u);
    const Policy& nearest = zone.policies[0];
    EXPECT_EQ(nearest.name, "nearest");
    EXPECT_EQ(nearest.regions, (std::vector<std::size_t>{0, 1, 2}));
    EXPECT_EQ(nearest.default_order, nearest.regions);
    EXPECT_EQ(nearest.max_addresses, 4);
    EXPECT_TRUE(nearest.client_subnet);
    EXPECT_EQ(nearest.missing_family, MissingFamily::Unset);
    EXPECT_EQ(owner(zone, "@").steer, 0u);
    EXPECT_EQ(owner(zone, "@").steer_ttl_seconds, 60u);
    EXPECT_EQ(owner(zone, "*.shops").steer, 0u);
    EXPECT_EQ(owner(zone, "*.shops").steer_ttl_seconds, 45u);
}

TEST(ZoneReader, ReadsPolicies) {
    const Zone zone = read({kHead, kRegions,
                            "[policies.asia-first]\nregions = [\"tokyo\", \"virginia\"]\n"
                            "default = \"virginia\"\nmax_addresses = 2\nclient_subnet = false\n"
                            "missing_family = \"next\"\n"
                            "[policies.nearest]\ndefault = [\"frankfurt\"]\n"
                            "missing_family = \"omit\"\n",
                            kRecords, "www.steer = \"asia-first\"\n"});
    ASSERT_EQ(zone.policies.size(), 2u);
    const Policy& asia = zone.policies[0];
    EXPECT_EQ(asia.regions, (std::vector<std::size_t>{2, 0}));
    EXPECT_EQ(asia.default_order, (std::vector<std::size_t>{0, 2}));
    EXPECT_EQ(asia.max_addresses, 2);
    EXPECT_FALSE(asia.client_subnet);
    EXPECT_EQ(asia.missing_family, MissingFamily::Next);
    EXPECT_EQ(zone.policies[1].regions, (std::vector<std::size_t>{0, 1, 2}));
    EXPECT_EQ(zone.policies[1].default_order, (std::vector<std::size_t>{1, 0, 2}));
    EXPECT_EQ(zone.policies[1].missing_family, MissingFamily::Omit);
    EXPECT_EQ(owner(zone, "www").steer, 0u);
}

TEST(ZoneReader, ReadsEveryFormOfAValue) {
    const Zone zone = read({kHead, kRecords,
                            "\"@\".mx = { ttl = \"4h\", data = [\"10 ns1\", \"20 ns2\"] }\n"
                            "\"@\".txt = \"v=spf1 mx; -all\"\n"
                            "\"_sip._tcp\".srv = [\"10 5 5060 ns1\", \"20 5 5060 ns2\"]\n"
                            "odd.txt = { rdata = '\"first string\" \"second\"' }\n"
                            "legacy.type65534 = '\\# 4 c0000201'\n"
                            "static.cname = \"d111abc.cdn.example.\"\n"});
    EXPECT_EQ(records(zone, "@"),
              (Lines{"MX 14400 10 ns1.example.org.", "MX 14400 20 ns2.example.org.",
                     "TXT 3600 \"v=spf1 mx; -all\""}));
    EXPECT_EQ(records(zone, "_sip._tcp"), (Lines{"SRV 3600 10 5 5060 ns1.example.org.",
                                                 "SRV 3600 20 5 5060 ns2.example.org."}));
    EXPECT_EQ(records(zone, "odd"), (Lines{"TXT 3600 \"first string\" \"second\""}));
    EXPECT_EQ(owner(zone, "legacy").sets.at(0).records.records.at(0),
              (dns::Rdata{0xc0, 0x00, 0x02, 0x01}));
    EXPECT_EQ(records(zone, "static"), (Lines{"CNAME 3600 d111abc.cdn.example."}));
}

TEST(ZoneReader, TheTtlOfTheRecordSetGoesBeforeThatOfTheNameBeforeThatOfTheZone) {
    const Zone zone =
        read({kHead, kRecords,
              "ns1.aaaa = \"2001:db8::53\"\n"
              "a.a = \"192.0.2.1\"\n"
              "b.a = \"192.0.2.1\"\nb.ttl = 300\n"
              "c.a = { ttl = \"10s\", data = \"192.0.2.1\" }\nc.txt = \"x\"\nc.ttl = 300\n"
              "sub.ns = \"ns.example.net.\"\n"});
    EXPECT_EQ(records(zone, "ns1"), (Lines{"A 86400 192.0.2.53", "AAAA 86400 2001:db8::53"}));
    EXPECT_EQ(records(zone, "a"), (Lines{"A 3600 192.0.2.1"}));
    EXPECT_EQ(records(zone, "b"), (Lines{"A 300 192.0.2.1"}));
    EXPECT_EQ(records(zone, "c"), (Lines{"A 10 192.0.2.1", "TXT 300 \"x\""}));
    EXPECT_EQ(records(zone, "sub"), (Lines{"NS 86400 ns.example.net."}));
}

TEST(ZoneReader, SpellingsOfANameAreOneName) {
    const Zone zone = read({kHead, kRecords,
                            "WWW.a = \"192.0.2.1\"\nwww.aaaa = \"2001:db8::1\"\n"
                            "\"www.EXAMPLE.org.\".txt = \"x\"\nwww.ttl = \"5m\"\n"
                            "\"example.org.\".mx = \"10 ns1\"\n"});
    EXPECT_EQ(zone.owners.size(), 4u);
    EXPECT_EQ(records(zone, "www"),
              (Lines{"A 300 192.0.2.1", "AAAA 300 2001:db8::1", "TXT 300 \"x\""}));
    EXPECT_EQ(owner(zone, "www").position, (TextPosition{6, 1, 3}));
    EXPECT_EQ(owner(zone, "www").sets.at(1).position, (TextPosition{7, 5, 4}));
    EXPECT_EQ(records(zone, "@"), (Lines{"MX 3600 10 ns1.example.org."}));
}

TEST(ZoneReader, HttpsBesideSteerLivesAsLongAsTheAddresses) {
    const Zone zone =
        read({kHead, kRegions, kRecords, "www.steer = \"nearest\"\nwww.https = \"1 . alpn=h2\"\n"});
    EXPECT_EQ(owner(zone, "www").sets.at(0).records.ttl_seconds, 60u);
}

TEST(ZoneReader, LeavesAPolicyOfDifferingFamiliesAloneOnceItSaysWhatToDo) {
    for (const std::string_view choice : {"next", "omit"}) {
        const std::string b =
            choice == "next" ? "\"2001:db8::1\"" : "[\"192.0.2.2\", \"2001:db8::1\"]";
        const std::string a = choice == "next" ? "\"192.0.2.1\", \"2001:db8::a\"" : "\"192.0.2.1\"";
        const std::string policy =
            "[policies.nearest]\nmissing_family = \"" + std::string(choice) + "\"\n";
        const Zone zone = read({kHead, "[regions.a]\nat = \"IAD\"\naddresses = [" + a + "]\n",
                                "[regions.b]\nat = \"FRA\"\naddresses = " + b + "\n", policy,
                                kRecords, "www.steer = \"nearest\"\n"});
        EXPECT_EQ(zone.policies.size(), 1u);
    }
}

TEST(ZoneReader, KeepsTheLinesOfDeepAndAbsoluteZones) {
    const Zone zone =
        read({"zone = \"a.b.c.Example.ORG.\"\n"
              "nameservers = [\"ns.example.net.\", \"ns.example.org.\"]\n"
              "records.x.a = \"192.0.2.1\"\n"});
    EXPECT_EQ(zone.apex.to_text(), "a.b.c.Example.ORG.");
    EXPECT_EQ(records(zone, "x.A.B.C.example.org."), (Lines{"A 3600 192.0.2.1"}));
}

TEST(ZoneReader, RefusesEveryKeyOfLaterVersionsInThoseWords) {
    const std::vector<std::pair<std::string, std::string>> kLater{
        {"groups", "[groups]\ngulf.country = [\"AE\"]"},
        {"rollouts", "[rollouts.tokyo]\nstart = 2026-12-01T09:00:00Z"},
        {"experiments", "[experiments.checkout]\narms.control = { share = 90 }"},
        {"expect", "[[expect]]\nclients.group = \"eu-members\""},
        {"dnssec", "dnssec = true"},
        {"transfer", "[transfer]\nto = []"},
        {"whoami", "whoami = true"},
        {"allow", "allow = []"},
        {"policies.nearest.pick", "[policies.nearest]\npick = 1"},
        {"policies.nearest.bias", "[policies.nearest]\nbias = { frankfurt = 15 }"},
        {"policies.nearest.band", "[policies.nearest]\nband = \"0km\""},
        {"policies.nearest.weights", "[policies.nearest]\nweights = { virginia = 1 }"},
        {"policies.nearest.networks", "[policies.nearest]\nnetworks = \"peering.csv\""},
        {"policies.nearest.rules", "[[policies.nearest.rules]]\nwhen.country = [\"CN\"]"},
        {"regions.virginia.capacity", "[regions.virginia]\ncapacity = 4000"},
        {"regions.virginia.state", "[regions.virginia]\nstate = \"shadow\""},
        {"records.\"@\".alias", "[records]\n\"@\".alias = \"example.net.\""},
    };
    for (const auto& [key, text] : kLater) {
        const ZoneReading reading = read_zone({"zone.toml", join({kHead, text, "\n"}), 1});
        bool reported = false;
        for (const Diagnostic& diagnostic : reading.diagnostics) {
            reported |= diagnostic.key == key && diagnostic.text == "not supported yet" &&
                        diagnostic.severity == Severity::Error && diagnostic.at.line > 2;
        }
        EXPECT_TRUE(reported) << key;
        EXPECT_TRUE(reading.zones.empty()) << key;
    }
}

}  // namespace
}  // namespace meridian::zones
