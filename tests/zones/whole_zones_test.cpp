// Loads master files like those of real zones, and asks what is then answered.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "meridian/zones/zone_reader.h"
#include "tests/support/zone_asker.h"

namespace meridian::zones {
namespace {

using dns::Type;
using test::head_of;
using test::texts_of;
using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

using Files = std::map<std::string, std::string>;

ZoneReading read(const std::string& file, const Files& files) {
    const NamedFileReader reader =
        [&files](const std::string& path) -> Result<NamedFile, std::string> {
        const auto found = files.find(path);
        if (found == files.end()) { return Failure{"there is no " + path}; }
        return NamedFile{path, std::make_shared<const std::string>(found->second)};
    };
    return read_zone({file, files.at(file), 1, reader});
}

/// Expects a file that loads without a word.
test::ZoneAsker serve(const std::string& file, const Files& files) {
    ZoneReading reading = read(file, files);
    for (const Diagnostic& diagnostic : reading.diagnostics) {
        ADD_FAILURE() << to_text(diagnostic, false);
    }
    CompileInput input;
    input.zones = {std::make_shared<const Zone>(std::move(reading.zones.at(0)))};
    input.atlas = test::empty_atlas();
    return test::ZoneAsker(compile(input).value());
}

/// All that the example of RFC 1035 §5.3 shows: a SOA over several lines with comments, a dot
/// within a label, owners and TTLs left out, hosts with two addresses, a file of mailboxes taken
/// in.
const Files kHarbour{{"harbour.example.zone",
                      "@   IN  SOA     PILOT       Watch\\.keeper (\n"
                      "                                 31     ; serial\n"
                      "                                 3h     ; refresh\n"
                      "                                 20m    ; retry\n"
                      "                                 2000000; expire\n"
                      "                                 90)    ; minimum\n"
                      "\n"
                      "        NS      BUOY.SEA.EXAMPLE.\n"
                      "        NS      PILOT\n"
                      "        MX      10      PILOT\n"
                      "        MX      20      TUG\n"
                      "\n"
                      "B       A       192.0.2.103\n"
                      "\n"
                      "PILOT   A       192.0.2.52\n"
                      "        A       198.51.100.32\n"
                      "\n"
                      "TUG     A       192.0.2.27\n"
                      "        A       198.51.100.33\n"
                      "\n"
                      "$INCLUDE <LISTS>CREW.TXT\n"},
                     {"<LISTS>CREW.TXT",
                      "ANNA    MB      BUOY.SEA.EXAMPLE.\n"
                      "BERT    MB      BUOY.SEA.EXAMPLE.\n"
                      "CREW    MG      ANNA\n"
                      "        MG      BERT\n"}};

TEST(WholeZones, AHarbourIsRead) {
    const ZoneReading reading = read("harbour.example.zone", kHarbour);
    ASSERT_EQ(reading.zones.size(), 1U);
    const Zone& zone = reading.zones[0];
    EXPECT_EQ(zone.soa.primary.to_text(), "PILOT.harbour.example.");
    EXPECT_EQ(zone.soa.mailbox.to_text(), "Watch\\.keeper.harbour.example.");
    EXPECT_EQ(zone.soa.serial, 31U);
    EXPECT_EQ(zone.soa.refresh, 10800U);
    EXPECT_EQ(zone.soa.retry, 1200U);
    EXPECT_EQ(zone.soa.expire, 2000000U);
    EXPECT_EQ(zone.ttls.negative, 90U);
    EXPECT_EQ(zone.soa.ttl_seconds, 90U) << "MINIMUM, as no TTL is stated";
}

TEST(WholeZones, AHarbourIsServed) {
    test::ZoneAsker asker = serve("harbour.example.zone", kHarbour);
    EXPECT_THAT(texts_of(asker.ask("harbour.example.", Type::NS).answer),
                UnorderedElementsAre("harbour.example. 90 NS BUOY.SEA.example.",
                                     "harbour.example. 90 NS PILOT.harbour.example."));
    EXPECT_THAT(texts_of(asker.ask("harbour.example.", Type::MX).answer),
                UnorderedElementsAre("harbour.example. 90 MX 10 PILOT.harbour.example.",
                                     "harbour.example. 90 MX 20 TUG.harbour.example."));
    EXPECT_THAT(texts_of(asker.ask("tug.harbour.example.", Type::A).answer),
                UnorderedElementsAre("tug.harbour.example. 90 A 192.0.2.27",
                                     "tug.harbour.example. 90 A 198.51.100.33"));
    EXPECT_THAT(asker.ask("crew.harbour.example.", static_cast<Type>(8)).answer, SizeIs(2));  // MG
    EXPECT_THAT(asker.ask("anna.harbour.example.", static_cast<Type>(7)).answer, SizeIs(1));  // MB
    EXPECT_EQ(head_of(asker.ask("carl.harbour.example.", Type::A)), "NXDOMAIN aa");
}

constexpr int kTopLevelDomains = 1500;

std::string signature(const std::string& covered, const std::string& labels) {
    return "RRSIG " + covered + " 8 " + labels +
           " 86400 20261208050000 20261125040000 61050 . ( "
           "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNF\n"
           "    Z4mrze8BI0VniQ== )\n";
}

std::string domain(int number) {
    return "tld" + std::to_string(number);
}

/// As the root is: six nameservers a delegation, three of them below it, and all of it signed.
std::string root_text() {
    std::string text =
        "$TTL 86400\n"
        ". SOA a.root-servers.net. nstld.example. 2026112500 1800 900 604800 86400\n"
        "  " +
        signature("SOA", "0") + "  " + signature("NS", "0") +
        "  NSEC tld0. NS SOA RRSIG NSEC DNSKEY ZONEMD\n"
        "  DNSKEY 256 3 8 AwEAAavN7wEjRWeJq83vASNFZ4mrze8BI0VniQ==\n"
        "  DNSKEY 257 3 8 AwEAAZ4mrze8BI0VniavN7wEjRWeJq83vASNFA==\n"
        "  ZONEMD 2026112500 1 1 ( "
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
        "      00112233445566778899aabbccddeeff )\n  " +
        signature("ZONEMD", "0");
    for (char letter = 'a'; letter <= 'm'; ++letter) {
        const std::string server = std::string(1, letter) + ".root-servers.net.";
        text += ". 518400 NS " + server + "\n" + server + " 518400 A 198.51.100.4\n" + server +
                " 518400 AAAA 2001:db8::" + std::to_string(letter % 10) + "\n";
    }
    return text;
}

std::string delegation_text(int number) {
    const std::string name = domain(number) + ".";
    std::string text = name +
                       " DS 12345 8 2 ( 0123456789ABCDEF0123456789ABCDEF01234567\n"
                       "    89ABCDEF0123456789ABCDEF )\n  " +
                       signature("DS", "1") + "  NSEC " + domain(number + 1) +
                       ". NS DS RRSIG NSEC\n  " + signature("NSEC", "1");
    for (const char* server : {"a", "b", "c"}) {
        text += name + " 172800 IN NS " + server + ".nic." + name + "\n" + name + " 172800 IN NS " +
                server + ".dns.tld0.\n" + server + ".nic." + name + " 172800 IN A 192.0.2.1\n" +
                server + ".nic." + name + " 172800 IN AAAA 2001:db8::1\n";
    }
    return text;
}

Files root_files() {
    std::string text = root_text();
    for (const char* server : {"a", "b", "c"}) {
        text += std::string(server) + ".dns.tld0. A 192.0.2.2\n";
    }
    for (int i = 0; i < kTopLevelDomains; ++i) {
        text += delegation_text(i);
    }
    return {{"root.toml", "zone = \".\"\nrecords_from = [\"root\"]\n"}, {"root", text}};
}

TEST(WholeZones, AZoneOfTheRootsShapeIsServed) {
    const Files files = root_files();
    const ZoneReading reading = read("root.toml", files);
    ASSERT_EQ(reading.zones.size(), 1U);
    std::size_t records = 0;
    for (const Owner& owner : reading.zones[0].owners) {
        for (const OwnedSet& set : owner.sets) {
            records += set.records.records.size();
        }
    }
    EXPECT_GT(records, 23'000U);

    test::ZoneAsker asker = serve("root.toml", files);
    EXPECT_EQ(head_of(asker.ask_over_tcp(".", Type::SOA)), "NOERROR aa");
    EXPECT_THAT(asker.ask_over_tcp(".", Type::NS).answer, SizeIs(13));
    EXPECT_THAT(asker.ask_over_tcp(".", Type::DNSKEY).answer, SizeIs(2));
    EXPECT_THAT(asker.ask_over_tcp(".", static_cast<Type>(63)).answer, SizeIs(1));  // ZONEMD
    for (const int number : {0, 7, kTopLevelDomains - 1}) {
        const std::string name = domain(number) + ".";
        const auto referral = asker.ask_over_tcp("www.example." + name, Type::AAAA);
        EXPECT_EQ(head_of(referral), "NOERROR");
        EXPECT_THAT(referral.answer, IsEmpty());
        EXPECT_THAT(referral.authority, SizeIs(6));
        EXPECT_THAT(referral.authority, Each(testing::Field(&tests::DecodedRecord::owner, name)));
        EXPECT_THAT(texts_of(referral.additional),
                    testing::IsSupersetOf({"a.nic." + name + " 172800 A 192.0.2.1",
                                           "c.nic." + name + " 172800 AAAA 2001:db8::1",
                                           std::string("b.dns.tld0. 86400 A 192.0.2.2")}));
        const auto proof = asker.ask_over_tcp(name, Type::DS);
        EXPECT_EQ(head_of(proof), "NOERROR aa");
        EXPECT_THAT(proof.answer, SizeIs(1));
    }
    EXPECT_EQ(head_of(asker.ask_over_tcp(domain(kTopLevelDomains) + ".", Type::A)), "NXDOMAIN aa");
}

}  // namespace
}  // namespace meridian::zones
