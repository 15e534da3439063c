// Checks that a content hash follows what clients and secondaries see, and nothing else.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/content_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "meridian/digest.h"
#include "meridian/octet_hash.h"
#include "meridian/zones/zone_reader.h"
#include "tests/support/seeds.h"

namespace meridian::zones {
namespace {

constexpr std::string_view kText = R"(
zone        = "hash.example"
nameservers = ["ns1", "ns2", "ns.elsewhere.example."]
soa         = { primary = "ns2", refresh = "1h" }

[regions.virginia]
at        = [38.95, -77.45]
addresses = ["192.0.2.10", "192.0.2.11", "2001:db8:1::10"]
[regions.frankfurt]
at        = "FRA"
addresses = ["198.51.100.10", "2001:db8:2::10"]
[regions.unused]
at        = "SIN"
addresses = ["203.0.113.10"]

[policies.nearest]
regions = ["virginia", "frankfurt"]
[policies.unused]
regions = ["unused"]

[records]
www.steer       = "nearest"
"*.shops".steer = "nearest"
ns1.a           = "192.0.2.53"
ns2.a           = ["198.51.100.53", "198.51.100.54"]
"@".mx          = ["10 mail", "20 mail2"]
mail.a          = "192.0.2.25"
mail2.a         = "192.0.2.26"
)";

Zone zone_of(std::string_view text) {
    ZoneReading reading = read_zone({.file = "hash.toml", .text = std::string(text)});
    EXPECT_FALSE(reading.zones.empty())
        << (reading.zones.empty() ? to_text(reading.diagnostics.front(), false) : "");
    return std::move(reading.zones.at(0));
}

Zone sample() {
    static const Zone zone = zone_of(kText);
    return zone;
}

std::string replaced(std::string text, std::string_view old, std::string_view with) {
    const auto at = text.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    return text.replace(at, old.size(), with);
}

struct Edit {
    std::string_view old, with;
};

ContentHash hash_after(const Edit& edit) {
    return content_hash(zone_of(replaced(std::string(kText), edit.old, edit.with)));
}

TEST(OctetHash, IsXxh3Of128Bits) {  // as `xxhsum -H2` prints it
    EXPECT_EQ(digest_of("").to_text(), "99aa06d3014798d86001c324468d497f");
    EXPECT_EQ(digest_of("a").to_text(), "a96faf705af16834e6c632b61e964e1f");
    EXPECT_EQ(digest_of("foobar").to_text(), "3c9e102628997f44ac87b0b131c6992d");
}

TEST(OctetHash, IsTheSameInPieces) {
    OctetHash hash;
    hash.add("foo");
    hash.add("bar");
    EXPECT_EQ(hash.digest(), digest_of("foobar"));
}

TEST(Digest, ComesBackFromItsText) {
    const Digest digest{0x0123456789abcdef, 0xfedcba9876543210};
    EXPECT_EQ(digest.to_text(), "0123456789abcdeffedcba9876543210");
    EXPECT_EQ(Digest::parse(digest.to_text()), digest);
    for (const char* wrong :
         {"", "0123", "0123456789abcdeffedcba987654321", " ", "0123456789ABCDEFfedcba9876543210",
          "0123456789abcdeffedcba98765432100"}) {
        EXPECT_FALSE(Digest::parse(wrong)) << wrong;
    }
}

TEST(ContentHash, IsTheSameOnEveryMachine) {
    // A change of this line is a change of what is hashed: count ContentHash::kFormat up.
    EXPECT_EQ(content_hash(sample()).to_text(), "2-deec7ca9073954ccbb36ad69837bde98");
}

TEST(ContentHash, ComesBackFromItsText) {
    const ContentHash hash = content_hash(sample());
    EXPECT_EQ(ContentHash::parse(hash.to_text()), hash);
    const std::string digest = hash.digest.to_text();
    EXPECT_EQ(ContentHash::parse("2-" + digest)->format, 2U);
    for (const std::string& wrong :
         {std::string(), std::string("1"), digest, "-" + digest, "1" + digest, "1-" + digest + "0",
          "1:" + digest, "-1-" + digest, "99999999999-" + digest}) {
        EXPECT_FALSE(ContentHash::parse(wrong)) << wrong;
    }
}

TEST(ContentHash, FollowsTheModelAndNotItsText) {
    const ContentHash hash = content_hash(sample());
    const std::vector<Edit> same{
        {"\n[records]", "\n# a remark\n[records]"},
        {"www.steer", "WWW.steer"},
        {"\"*.shops\"", "\"*.Shops\""},
        {"www.steer       = \"nearest\"\n", ""},  // back below
        {"[\"10 mail\", \"20 mail2\"]", "[\"20 mail2\", \"10 mail\"]"},
        {"[\"198.51.100.53\", \"198.51.100.54\"]", "[\"198.51.100.54\", \"198.51.100.53\"]"},
        {"\"ns1\", \"ns2\", \"ns.", "\"ns2\", \"ns1\", \"ns."},
        {"refresh = \"1h\"", "refresh = 3600, serial = 77"},
        {"at        = \"SIN\"", "at = \"FRA\""},
        {"regions.unused", "regions.spare"},
        {"zone        = ", "ttl.degraded = \"10s\"\nzone = "},
    };
    for (const Edit& edit : same) {
        std::string text = replaced(std::string(kText), edit.old, edit.with);
        if (edit.with.empty()) { text += edit.old; }
        if (edit.old == "regions.unused") { text = replaced(text, "[\"unused\"]", "[\"spare\"]"); }
        EXPECT_EQ(content_hash(zone_of(text)), hash) << edit.with;
    }
}

TEST(ContentHash, KnowsWhereARegionIsAndNotItsName) {
    std::string text(kText);
    for (int i = 0; i < 2; ++i) {
        text = replaced(text, "virginia", "ashburn");
    }
    EXPECT_EQ(content_hash(zone_of(text)), content_hash(sample()));
}

TEST(ContentHash, SeesEveryChangeOfTheText) {
    const std::vector<Edit> changes{
        {"192.0.2.25", "192.0.2.125"},
        {"mail.a          = \"192.0.2.25\"", "mail.a = { ttl = 77, data = \"192.0.2.25\" }"},
        {"\"192.0.2.26\"", "[\"192.0.2.26\", \"192.0.2.27\"]"},
        {"mail2.a         = \"192.0.2.26\"", "mail2.a = \"192.0.2.26\"\nmail2.txt = \"\""},
        {"ns2.a           = [\"198.51.100.53\", \"198.51.100.54\"]", "ns2.a = \"198.51.100.53\""},
        {"www.steer", "web.steer"},
        {"primary = \"ns2\"", "primary = \"ns1\""},
        {"refresh = \"1h\"", "refresh = \"2h\""},
        {"refresh = \"1h\"", "refresh = \"1h\", retry = \"7m\""},
        {"refresh = \"1h\"", "refresh = \"1h\", expire = \"3w\""},
        {"zone        = ", "contact = \"dns@hash.example\"\nzone = "},
        {"zone        = ", "ttl.steered = 61\nzone = "},
        {"zone        = ", "ttl.static = 61\nzone = "},
        {"zone        = ", "ttl.infrastructure = 61\nzone = "},
        {"zone        = ", "ttl.negative = 61\nzone = "},
        {"hash.example", "hash.test"},
        {"\"ns1\", \"ns2\", \"ns.elsewhere.example.\"", "\"ns1\", \"ns2\""},
        {"38.95", "38.96"},
        {"-77.45", "77.45"},
        {"\"192.0.2.10\", \"192.0.2.11\"", "\"192.0.2.10\", \"192.0.2.12\""},
        {"\"192.0.2.10\", \"192.0.2.11\"", "\"192.0.2.11\", \"192.0.2.10\""},
        {"\"192.0.2.10\", \"192.0.2.11\"", "\"192.0.2.10\""},
        {"2001:db8:2::10", "2001:db8:2::11"},
        {"[\"virginia\", \"frankfurt\"]", "[\"frankfurt\", \"virginia\"]"},
        {"[\"virginia\", \"frankfurt\"]", "[\"virginia\"]"},
        {"[\"virginia\", \"frankfurt\"]",
         "[\"virginia\", \"frankfurt\"]\ndefault = [\"frankfurt\", \"virginia\"]"},
        {"[\"virginia\", \"frankfurt\"]", "[\"virginia\", \"frankfurt\"]\nmax_addresses = 1"},
        {"[\"virginia\", \"frankfurt\"]", "[\"virginia\", \"frankfurt\"]\nclient_subnet = false"},
        {"[\"virginia\", \"frankfurt\"]",
         "[\"virginia\", \"frankfurt\"]\nmissing_family = \"omit\""},
    };
    std::set<std::string> seen{content_hash(sample()).to_text()};
    for (const Edit& edit : changes) {
        EXPECT_TRUE(seen.insert(hash_after(edit).to_text()).second) << edit.with;
    }
}

/// The sample, in which `www` is steered to a service with these keys.
ContentHash hash_with_service(std::string_view keys) {
    std::string text =
        replaced(std::string(kText), "www.steer       = \"nearest\"", "www.steer = \"api\"");
    text = replaced(text, "[records]", "[services.api]\n" + std::string(keys) + "\n[records]");
    return content_hash(zone_of(text));
}

TEST(ContentHash, FollowsWhatServicesHandOut) {
    std::set<std::string> seen{content_hash(sample()).to_text()};
    EXPECT_FALSE(seen.insert(hash_with_service("").to_text()).second)
        << "the regions' own addresses";
    for (const char* keys :
         {"ttl = 77", "addresses.virginia = \"192.0.2.20\"", "addresses.virginia = \"192.0.2.21\"",
          "addresses.virginia = [\"192.0.2.20\", \"192.0.2.21\"]",
          "addresses.frankfurt = \"192.0.2.20\"", "addresses.virginia = \"2001:db8::20\"",
          "addresses.virginia = \"192.0.2.20\"\naddresses.frankfurt = \"192.0.2.21\"",
          "last_resort = [\"192.0.2.9\", \"2001:db8::9\"]",
          "last_resort = [\"192.0.2.8\", \"2001:db8::9\"]", "cname.virginia = \"a.example.\"",
          "cname.frankfurt = \"a.example.\"", "cname.virginia = \"b.example.\"",
          "cname.virginia = \"a.example.\"\nlast_resort = \"b.example.\""}) {
        EXPECT_TRUE(seen.insert(hash_with_service(keys).to_text()).second) << keys;
    }
}

/// What stands at a place that no text reaches, or only through a master file.
TEST(ContentHash, SeesEveryChangeOfTheModel) {
    const std::vector<std::function<void(Zone&)>> changes{
        [](Zone& zone) { zone.soa.ttl_seconds = 5; },
        [](Zone& zone) { zone.nameservers_ttl_seconds = 5; },
        [](Zone& zone) { zone.owners.emplace_back().name = zone.nameservers[2]; },
        [](Zone& zone) { zone.owners.pop_back(); },
        [](Zone& zone) { zone.owners[0].steer_ttl_seconds = 5; },
    };
    std::set<std::string> seen{content_hash(sample()).to_text()};
    for (std::size_t i = 0; i < changes.size(); ++i) {
        Zone zone = sample();
        changes[i](zone);
        EXPECT_TRUE(seen.insert(content_hash(zone).to_text()).second) << i;
    }
}

TEST(ContentHash, DoesNotSeeTheOrderOfNamesSetsAndRecords) {
    const ContentHash hash = content_hash(sample());
    for (const std::uint64_t seed : test::seeds(64)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        Zone zone = sample();
        zone.soa.serial = static_cast<std::uint32_t>(random());
        zone.file = "other.toml";
        std::ranges::shuffle(zone.owners, random);
        std::ranges::shuffle(zone.nameservers, random);
        for (Owner& owner : zone.owners) {
            if (random() % 2 == 0) { owner.name = owner.name.lower_cased(); }
            std::ranges::shuffle(owner.sets, random);
            for (OwnedSet& set : owner.sets) {
                std::ranges::shuffle(set.records.records, random);
            }
        }
        EXPECT_EQ(content_hash(zone), hash);
    }
}

TEST(ContentHash, SeesEachOctetOfEachRecord) {
    const ContentHash hash = content_hash(sample());
    for (const std::uint64_t seed : test::seeds(200)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        Zone zone = sample();
        Owner& owner = zone.owners[2 + random() % (zone.owners.size() - 2)];  // not a steered one
        dns::RecordSet& set = owner.sets[random() % owner.sets.size()].records;
        dns::Rdata& rdata = set.records[random() % set.records.size()];
        rdata[random() % rdata.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
        EXPECT_NE(content_hash(zone), hash);
    }
}

TEST(ContentHash, OfSeveralZonesKnowsNoOrder) {
    const ContentHash one = content_hash(sample());
    const ContentHash two = hash_after({"hash.example", "hash.test"});
    const std::vector<ContentHash> there{one, two};
    const std::vector<ContentHash> back{two, one};
    const std::vector<ContentHash> twice{one, one};
    EXPECT_EQ(content_hash(there), content_hash(back));
    EXPECT_NE(content_hash(there), content_hash(twice));
    EXPECT_NE(content_hash(there), one);
}

}  // namespace
}  // namespace meridian::zones
