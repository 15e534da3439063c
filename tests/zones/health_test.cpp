// Tests how a zone says that the addresses of its services are checked.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meridian/zones/library.h"
#include "meridian/zones/zone_reader.h"

namespace meridian::zones {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using Files = std::map<std::string, std::string>;

constexpr std::string_view kZone =
    "zone = \"example.org\"\nnameservers = [\"ns.example.net.\", \"ns.example.com.\"]\n";
constexpr std::string_view kRegion =
    "[regions.frankfurt]\nat = \"FRA\"\naddresses = \"192.0.2.10\"\n";

std::string reported(const ZoneReading& reading) {
    std::string text;
    for (const Diagnostic& diagnostic : reading.diagnostics) {
        text += to_line(diagnostic) + "\n";
    }
    return text;
}

/// A zone of one region with these tables and records, beside these libraries.
ZoneReading read(const std::string& tables, const std::string& records, const Files& libraries = {},
                 std::string_view head = kZone) {
    const LibraryReader reader =
        [&](const std::string& path) -> Result<std::shared_ptr<const Library>, std::string> {
        return read_library(path, libraries.at(path));
    };
    const std::string text =
        std::string(head) + tables + std::string(kRegion) + "[records]\n" + records;
    return read_zone({"zone.toml", text, 7, {}, reader});
}

/// The health of the service that a name of the zone is steered to; of no name: null.
std::shared_ptr<const Health> health_at(const ZoneReading& reading, std::string_view name) {
    EXPECT_EQ(reported(reading), "");
    if (reading.zones.empty()) { return {}; }
    const Zone& zone = reading.zones.front();
    const dns::Name wanted = dns::Name::parse(name, zone.apex).value();
    for (const Owner& owner : zone.owners) {
        if (owner.name == wanted && owner.steer) { return zone.services[*owner.steer].health; }
    }
    ADD_FAILURE() << name;
    return {};
}

TEST(Health, WithoutItNothingIsChecked) {
    EXPECT_EQ(health_at(read("", "www.steer = \"nearest\"\n"), "www"), nullptr);
}

TEST(Health, HasTheDefaultsOfItsKindAndTheNameForItsHost) {
    const auto health =
        health_at(read("[health]\nhttps = \"/healthz\"\n", "WWW.steer = \"nearest\"\n"), "www");
    ASSERT_NE(health, nullptr);
    EXPECT_EQ(health->checks.front().kind, CheckKind::Https);
    EXPECT_EQ(health->checks.front().path, "/healthz");
    EXPECT_EQ(health->checks.front().port, 443);
    EXPECT_EQ(health->checks.front().host, "www.example.org");
    EXPECT_EQ(health->checks.front().method, "GET");
    EXPECT_THAT(health->checks.front().headers, IsEmpty());
    EXPECT_THAT(health->checks.front().status, IsEmpty());
    EXPECT_EQ(health->timing, HealthTiming());
    EXPECT_EQ(health->min_up, 0.5);
    EXPECT_FALSE(health->manual_failback);
}

TEST(Health, EveryKeyIsRead) {
    const auto health =
        health_at(read("[health]\nhttp = \"/a?b\"\nhost = \"App.Example.NET.\"\nport = "
                       "8080\nmethod = \"POST\"\n"
                       "headers = { X-B = \"2\", X-A = \"1\" }\nexpect = { status = [204, 404], "
                       "body = \"ok\" }\n"
                       "every = \"2s\"\ntimeout = \"1500ms\"\nfall = 5\nrise = 4\nhold = \"1m\"\n"
                       "failback = \"manual\"\nmin_up = 1\n",
                       "www.steer = \"nearest\"\n"),
                  "www");
    ASSERT_NE(health, nullptr);
    EXPECT_EQ(health->checks.front().kind, CheckKind::Http);
    EXPECT_EQ(health->checks.front().path, "/a?b");
    EXPECT_EQ(health->checks.front().host, "app.example.net");
    EXPECT_EQ(health->checks.front().port, 8080);
    EXPECT_EQ(health->checks.front().method, "POST");
    EXPECT_THAT(health->checks.front().headers, ElementsAre(Pair("X-B", "2"), Pair("X-A", "1")));
    EXPECT_THAT(health->checks.front().status, ElementsAre(204, 404));
    EXPECT_EQ(health->checks.front().body, "ok");
    EXPECT_EQ(health->timing, (HealthTiming{2s, 1500ms, 5, 4, 1min}));
    EXPECT_EQ(health->min_up, 1.0);
    EXPECT_TRUE(health->manual_failback);
}

TEST(Health, AHandshakeIsForTheHostThatIsSteeredSo) {
    const auto health =
        health_at(read("[health]\ntls = 853\n", "www.steer = \"nearest\"\n"), "www");
    ASSERT_NE(health, nullptr);
    const HealthCheck& check = health->checks.front();
    EXPECT_EQ(check.kind, CheckKind::Tls);
    EXPECT_EQ(check.port, 853);
    EXPECT_EQ(check.host, "www.example.org");
}

TEST(Health, OfAFileHoldsAtOnceAndIsReadBesideTheFileThatNamesIt) {
    const auto health =
        health_at(read("[health]\nfile = \"./states//now.json\"\nmax_age = \"5m\"\n",
                       "www.steer = \"nearest\"\nweb.steer = \"nearest\"\n"),
                  "www");
    ASSERT_NE(health, nullptr) << "it needs no host";
    const HealthCheck& check = health->checks.front();
    EXPECT_EQ(check.kind, CheckKind::File);
    EXPECT_EQ(check.file, (StateFile{"states/now.json", "zone.toml", 5min}));
    EXPECT_EQ(health->timing, (HealthTiming{5s, 3s, 1, 1, 0s}));
}

TEST(Health, OfAFileInALibraryIsReadBesideTheLibrary) {
    const Files libraries{{"shared/world.toml", "[health]\nfile = \"state.json\"\n"}};
    const auto health = health_at(
        read("use = [\"shared/world.toml\"]\n", "www.steer = \"nearest\"\n", libraries), "www");
    ASSERT_NE(health, nullptr);
    EXPECT_EQ(health->checks.front().file.named_by, "shared/world.toml");
}

TEST(Health, OfAFileAmongOtherChecksHasTheirTiming) {
    const auto health =
        health_at(read("[health]\nchecks = [{ file = \"state.json\" }, { tcp = 22 }]\nfall = 4\n",
                       "www.steer = \"nearest\"\n"),
                  "www");
    ASSERT_NE(health, nullptr);
    EXPECT_EQ(health->timing.fall, 4);
    EXPECT_EQ(health->checks.front().file.named_by, "zone.toml");
    EXPECT_FALSE(health->checks.front().file.max_age);
}

TEST(Health, OfAFileAsksNothingOfAnAddress) {
    const std::string local = "[services.api.addresses]\nfrankfurt = \"169.254.1.1\"\n";
    EXPECT_THAT(reported(read("[health]\nfile = \"a\"\n" + local, "www.steer = \"api\"\n")),
                Not(HasSubstr("is never checked")));
    EXPECT_THAT(reported(read("[health]\ncommand = \"a\"\n" + local, "www.steer = \"api\"\n")),
                HasSubstr("is never checked"));
}

TEST(Health, ACommandIsOneOfTheServersWhereTheseAreKnown) {
    const auto read_with = [](std::shared_ptr<const CommandNames> commands) {
        const std::string text = std::string(kZone) + "[health]\ncommand = \"lag\"\n" +
                                 std::string(kRegion) + "[records]\nwww.steer = \"nearest\"\n";
        return read_zone({.file = "zone.toml", .text = text, .commands = std::move(commands)});
    };
    const auto known = std::make_shared<const CommandNames>(CommandNames{"lag"});
    const auto health = health_at(read_with(known), "www");
    ASSERT_NE(health, nullptr);
    EXPECT_EQ(health->checks.front().command, "lag");
    EXPECT_NE(health_at(read_with(nullptr), "www"), nullptr) << "as of a text that was saved";
    EXPECT_THAT(reported(read_with(std::make_shared<const CommandNames>())),
                HasSubstr("no command of this server is called \"lag\""));
}

TEST(Health, WhatDependsOnThePlaceKnowsIt) {
    const std::vector<HealthCheck> checks{{.kind = CheckKind::Tcp, .port = 22},
                                          {.kind = CheckKind::File}};
    EXPECT_TRUE(depends_on_place(checks));
    EXPECT_FALSE(depends_on_place({checks.front()}));
    const auto placed = checks_at(checks, {"api", "frankfurt"});
    EXPECT_EQ(placed[0], checks[0]);
    EXPECT_EQ(placed[1].place, (CheckedPlace{"api", "frankfurt"}));
}

/// The question of `[health]` with these keys.
DnsQuestion question_of(const std::string& keys) {
    const auto health = health_at(read("[health]\n" + keys, "www.steer = \"nearest\"\n"), "www");
    return health == nullptr ? DnsQuestion{} : health->checks.front().question;
}

TEST(Health, AQuestionIsForAnAddressUnlessItSaysOtherwise) {
    const DnsQuestion plain = question_of("dns = \"www.example.org\"\n");
    EXPECT_EQ(plain.name.to_text(), "www.example.org.") << "no zone is appended";
    EXPECT_EQ(plain.type, dns::Type::A);
    EXPECT_EQ(plain.rcode, dns::Rcode::NoError);
    EXPECT_EQ(plain.answer, "");
    const DnsQuestion v6 = question_of("dns = \".\"\nexpect.answer = \"2001:DB8::1\"\n");
    EXPECT_EQ(v6.type, dns::Type::AAAA);
    EXPECT_EQ(v6.answer, "2001:db8::1");
    const DnsQuestion text =
        question_of("dns = \"a.example\"\ntype = \"txt\"\nexpect.answer = \"192.0.2.1\"\n");
    EXPECT_EQ(text.type, dns::Type::TXT);
    EXPECT_EQ(text.answer, "192.0.2.1");
    EXPECT_EQ(question_of("dns = \"a.example\"\nexpect.rcode = \"REFUSED\"\n").rcode,
              dns::Rcode::Refused);
}

TEST(Health, SeveralChecksAreReadInOrder) {
    const auto health = health_at(
        read("[health]\nchecks = [{ https = \"/up\" }, { dns = \"a.example\", port = 5353 }, { tcp "
             "= 22 }]\nneed = \"any\"\n",
             "www.steer = \"nearest\"\n"),
        "www");
    ASSERT_NE(health, nullptr);
    ASSERT_EQ(health->checks.size(), 3u);
    EXPECT_EQ(health->checks[0].host, "www.example.org");
    EXPECT_EQ(health->checks[1].port, 5353);
    EXPECT_EQ(health->checks[2].kind, CheckKind::Tcp);
    EXPECT_EQ(health->need, CheckNeed::Any);
}

TEST(Health, AServicesOwnChecksReplaceAllOfTheZones) {
    const auto reading = read(
        "[health]\nchecks = [{ tcp = 22 }, { tcp = 23 }]\nneed = \"any\"\n"
        "[services.api.health]\nchecks = [{ tcp = 24 }, { tcp = 25 }]\n"
        "[services.timed.health]\nevery = \"20s\"\n",
        "www.steer = \"api\"\napp.steer = \"timed\"\n");
    const auto own = health_at(reading, "www");
    ASSERT_NE(own, nullptr);
    ASSERT_EQ(own->checks.size(), 2u);
    EXPECT_EQ(own->checks[0].port, 24);
    EXPECT_EQ(own->need, CheckNeed::All) << "it belongs to the checks of the zone";
    const auto timed = health_at(reading, "app");
    ASSERT_NE(timed, nullptr);
    EXPECT_EQ(timed->checks[0].port, 22);
    EXPECT_EQ(timed->need, CheckNeed::Any);
}

TEST(Health, ATimeoutThatIsNotWrittenFollowsAShortTimeBetweenChecks) {
    for (const auto& [every, timeout] : {std::pair("500ms", 300ms), std::pair("1s", 600ms),
                                         std::pair("5s", 3000ms), std::pair("1m", 3000ms)}) {
        const std::string tables = "[health]\ntcp = 443\nevery = \"" + std::string(every) + "\"\n";
        const auto health = health_at(read(tables, "www.steer = \"nearest\"\n"), "www");
        ASSERT_NE(health, nullptr);
        EXPECT_EQ(health->timing.timeout, timeout) << every;
    }
}

constexpr const char* kServices =
    "[health]\nhttps = \"/z\"\nhost = \"z.example.org\"\nheaders = { X-Z = \"1\" }\nmethod = "
    "\"POST\"\n"
    "expect.status = 204\nevery = \"4s\"\ntimeout = \"2s\"\nfall = 7\nmin_up = 0.75\n"
    "[services.own.health]\nhttp = \"/\"\nhost = \"own.example.org\"\nfall = 1\n"
    "[services.timed]\nhealth = { rise = 9, every = \"10s\", failback = \"manual\" }\n"
    "[services.plain]\nttl = \"30s\"\n";
constexpr const char* kNames =
    "own.steer = \"own\"\ntimed.steer = \"timed\"\nplain.steer = \"plain\"\nwww.steer = "
    "\"nearest\"\n";

TEST(Health, OfAServiceReplacesTheCheckWholeAndInheritsTheRest) {
    const auto own = health_at(read(kServices, kNames), "own");
    ASSERT_NE(own, nullptr);
    EXPECT_EQ(own->checks.front().kind, CheckKind::Http);
    EXPECT_EQ(own->checks.front().port, 80);
    EXPECT_EQ(own->checks.front().host, "own.example.org");
    EXPECT_EQ(own->checks.front().method, "GET") << "nothing is left of the zone's check";
    EXPECT_THAT(own->checks.front().headers, IsEmpty());
    EXPECT_THAT(own->checks.front().status, IsEmpty());
    EXPECT_EQ(own->timing, (HealthTiming{4s, 2s, 1, 2, 30s}));
    EXPECT_EQ(own->min_up, 0.75);
}

TEST(Health, OfAServiceWithoutACheckKeepsThatOfTheZone) {
    const ZoneReading reading = read(kServices, kNames);
    const auto timed = health_at(reading, "timed");
    const auto plain = health_at(reading, "plain");
    const auto bare = health_at(reading, "www");
    ASSERT_TRUE(timed != nullptr && plain != nullptr && bare != nullptr);
    EXPECT_EQ(timed->checks, bare->checks);
    EXPECT_EQ(timed->timing, (HealthTiming{10s, 2s, 7, 9, 30s}));
    EXPECT_TRUE(timed->manual_failback);
    EXPECT_EQ(*plain, *bare);
    EXPECT_EQ(bare->timing.fall, 7);
    EXPECT_FALSE(bare->manual_failback);
}

TEST(Health, EachServiceHasItsOwnNameForTheHostThatIsNotWritten) {
    const ZoneReading reading =
        read("[health]\nhttps = \"/\"\n[services.api]\n[services.db]\nhealth.rise = 1\n",
             "www.steer = \"nearest\"\n\"*.shops\".steer = \"nearest\"\napi.steer = "
             "\"api\"\n\"@\".steer = \"db\"\n");
    const std::vector<std::pair<const char*, const char*>> hosts{
        {"www", "www.example.org"}, {"api", "api.example.org"}, {"@", "example.org"}};
    for (const auto& [name, host] : hosts) {
        const auto health = health_at(reading, name);
        ASSERT_NE(health, nullptr);
        EXPECT_EQ(health->checks.front().host, host);
    }
    EXPECT_EQ(health_at(reading, "*.shops"), health_at(reading, "www")) << "a wildcard is no host";
}

TEST(Health, AServiceThatNoNameIsSteeredToIsNotChecked) {
    const ZoneReading reading =
        read("[health]\nhttps = \"/\"\n[services.api]\n", "www.a = \"192.0.2.1\"\n");
    ASSERT_EQ(reading.zones.size(), 1U);
    EXPECT_EQ(reading.zones[0].services.at(0).health, nullptr);
}

constexpr const char* kLibrary =
    "[health]\nhttps = \"/lib\"\nhost = \"lib.example.org\"\nfall = 9\n"
    "[services.api]\nhealth.rise = 5\n[services.own.health]\ntcp = 25\n";
const std::string kUse = "use = \"lib.toml\"\n";

TEST(Health, OfALibraryIsThatOfTheZone) {
    const ZoneReading reading =
        read(kUse, "www.steer = \"nearest\"\napi.steer = \"api\"\nown.steer = \"own\"\n",
             {{"lib.toml", kLibrary}});
    const auto bare = health_at(reading, "www");
    const auto api = health_at(reading, "api");
    const auto own = health_at(reading, "own");
    ASSERT_TRUE(bare != nullptr && api != nullptr && own != nullptr);
    EXPECT_EQ(bare->checks.front().path, "/lib");
    EXPECT_EQ(api->checks, bare->checks);
    EXPECT_EQ(api->timing.rise, 5);
    EXPECT_EQ(own->checks.front().port, 25);
    EXPECT_EQ(own->timing.fall, 9);
}

TEST(Health, OfTheZoneReplacesThatOfTheLibraryForItsServicesToo) {
    const ZoneReading reading =
        read(kUse + "[health]\ntcp = 443\n", "www.steer = \"nearest\"\napi.steer = \"api\"\n",
             {{"lib.toml", kLibrary}});
    const auto api = health_at(reading, "api");
    ASSERT_NE(api, nullptr);
    EXPECT_EQ(api->checks.front().kind, CheckKind::Tcp);
    EXPECT_EQ(api->timing.fall, 3) << "the default: nothing of the two is merged";
    EXPECT_EQ(api->timing.rise, 5);
}

TEST(Health, OfTwoLibrariesIsAnError) {
    const Files libraries{{"a.toml", "[health]\ntcp = 1\n"},
                          {"b.toml", "[ttl]\n[health]\ntcp = 2\n"}};
    const std::string use = "use = [\"a.toml\", \"b.toml\"]\n";
    const std::string records = "www.steer = \"nearest\"\n";
    EXPECT_THAT(reported(read(use, records, libraries)),
                HasSubstr("two of the libraries define [health] (at line 1 of a.toml and at line 2 "
                          "of b.toml; "));
    EXPECT_NE(health_at(read(use + "[health]\ntcp = 3\n", records, libraries), "www"), nullptr);
}

TEST(Health, AServiceOfALibraryMayCountOnTheCheckOfTheZone) {
    const Files libraries{{"lib.toml", "[services.api]\nhealth.rise = 5\n"}};
    const std::string records = "api.steer = \"api\"\n";
    EXPECT_THAT(check_library(*read_library("lib.toml", libraries.at("lib.toml"))), IsEmpty());
    EXPECT_NE(health_at(read(kUse + "[health]\ntcp = 1\n", records, libraries), "api"), nullptr);
    EXPECT_THAT(reported(read(kUse, records, libraries)),
                HasSubstr("lib.toml:2:1: error: services.api.health: the table says nothing of "
                          "what is checked"));
}

TEST(Health, AFaultOfALibrarysTimesIsReportedForTheLibraryAlone) {
    const auto library =
        read_library("lib.toml", "[health]\ntcp = 1\n[services.api]\nhealth.timeout = \"5s\"\n");
    const Diagnostics diagnostics = check_library(*library);
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics[0].key, "services.api.health.timeout");
    EXPECT_EQ(diagnostics[0].at.line, 4U);
}

TEST(Health, ZonesOfOneFileCheckTheHostThatIsWritten) {
    const ZoneReading reading = read("[health]\nhttps = \"/\"\nhost = \"www.example.org\"\n",
                                     "www.steer = \"nearest\"\n", {},
                                     "zone = [\"example.org\", \"example.net\"]\n"
                                     "nameservers = [\"ns.example.com.\", \"ns.example.info.\"]\n");
    EXPECT_EQ(reported(reading), "");
    ASSERT_EQ(reading.zones.size(), 2U);
    for (const Zone& zone : reading.zones) {
        ASSERT_NE(zone.services.at(0).health, nullptr);
        EXPECT_EQ(zone.services[0].health->checks.front().host, "www.example.org");
    }
}

TEST(WhyNotProbed, LeaveOutWhatIsLocalToALinkAndWhereCloudsHandOutSecrets) {
    for (const char* const refused :
         {"169.254.0.0", "169.254.169.254", "169.254.255.255", "fe80::1", "febf::1",
          "fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "0.0.0.0", "::", "224.0.0.1",
          "255.255.255.255", "ff02::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"}) {
        EXPECT_NE(why_not_probed(IpAddress::parse(refused).value()), "") << refused;
    }
    for (const char* const refused :
         {"2002:a9fe:a9fe::1", "64:ff9b:1::a9fe:a9fe", "64:ff9b:1:a9fe:a9:fe00::"}) {
        EXPECT_NE(why_not_probed(IpAddress::parse(refused).value()), "") << refused;
    }
    for (const char* const allowed :
         {"127.0.0.1", "2002:c000:201::1", "64:ff9b:1::c000:201", "64:ff9b:1:c000:2:100::", "::1",
          "10.0.0.1", "192.168.1.1", "169.253.255.255", "169.255.0.0", "192.0.2.1", "2001:db8::1",
          "fd00:ec2::253", "fec0::1", "fe7f::1", "::ffff:192.0.2.1", "100.100.100.201"}) {
        EXPECT_EQ(why_not_probed(IpAddress::parse(allowed).value()), "") << allowed;
    }
}

}  // namespace
}  // namespace meridian::zones
