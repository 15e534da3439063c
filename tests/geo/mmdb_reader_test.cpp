// Checks which databases become an atlas, and that bad ones become an error in words.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/mmdb_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/mmdb_writer.h"

namespace meridian::geo {
namespace {

using test::MmdbContent;
using test::TemporaryFile;
using ::testing::HasSubstr;

IpPrefix prefix(const char* text) {
    return IpPrefix::parse(text).value();
}

MmdbContent maxmind_city() {
    MmdbContent content;
    content.type = "GeoLite2-City";
    content.networks = {
        {prefix("192.0.2.0/24"), test::maxmind_record("DE", "HE", "Frankfurt am Main", 50.1, 8.7)},
        {prefix("198.51.100.0/23"), test::maxmind_record("US", "VA", "Ashburn", 39.0, -77.5)},
        {prefix("2001:db8::/32"), test::maxmind_record("SG", "01", "Singapore", 1.29, 103.85)},
    };
    return content;
}

Result<Atlas, std::string> read(const MmdbContent& content) {
    const TemporaryFile file("one.mmdb", test::mmdb_octets(content));
    return read_mmdb(std::vector{file.path()});
}

Location location_at(const Atlas& atlas, const char* address) {
    return atlas.location(atlas.find(*IpAddress::parse(address)).location);
}

TEST(MmdbReader, ReadsMaxMindsLayoutForBothFamilies) {
    const auto atlas = read(maxmind_city());
    ASSERT_TRUE(atlas.ok()) << atlas.error();
    const Location frankfurt = location_at(*atlas, "192.0.2.77");
    EXPECT_EQ(frankfurt.country.text(), "DE");
    EXPECT_EQ(frankfurt.at, (Coordinates{50.1, 8.7}));
    EXPECT_EQ(frankfurt.accuracy_km, 20);
    EXPECT_EQ(atlas->text(frankfurt.subdivision), "DE-HE");
    EXPECT_EQ(atlas->text(frankfurt.city), "Frankfurt am Main");
    EXPECT_EQ(location_at(*atlas, "198.51.101.255").country.text(), "US");
    EXPECT_EQ(location_at(*atlas, "2001:db8:ffff::1").country.text(), "SG");
    EXPECT_EQ(location_at(*atlas, "203.0.113.1"), Location{});
    EXPECT_EQ(atlas->info().type, "GeoLite2-City");
    EXPECT_EQ(atlas->info().build_epoch, 1'700'000'000U);
    EXPECT_EQ(atlas->info().v4_networks, 2U);
    EXPECT_EQ(atlas->info().v6_networks, 1U);
    EXPECT_TRUE(atlas->info().has_coordinates && atlas->info().has_subdivisions &&
                atlas->info().has_cities);
    EXPECT_THAT(atlas->info().attribution, HasSubstr("MaxMind"));
}

TEST(MmdbReader, ReadsTheFlatLayoutInEachRecordSize) {
    for (const std::uint16_t record_bits : std::array<std::uint16_t, 3>{24, 28, 32}) {
        MmdbContent content;
        content.record_bits = record_bits;
        content.ip_version = 4;
        content.networks = {
            {prefix("192.0.2.0/25"), test::flat_record("de", "Hesse", "Frankfurt", 50.5F, 8.5F)}};
        const auto atlas = read(content);
        ASSERT_TRUE(atlas.ok()) << record_bits << ": " << atlas.error();
        const Location found = location_at(*atlas, "192.0.2.1");
        EXPECT_EQ(found.country.text(), "DE");
        EXPECT_EQ(found.at, (Coordinates{50.5, 8.5}));
        EXPECT_EQ(atlas->text(found.subdivision), "Hesse");
        EXPECT_EQ(atlas->text(found.city), "Frankfurt");
        EXPECT_EQ(location_at(*atlas, "192.0.2.128"), Location{});
    }
}

TEST(MmdbReader, ReadsCountriesAlone) {
    MmdbContent content;
    content.networks = {
        {prefix("192.0.2.0/24"), test::mmdb_map({{"country_code", test::mmdb_text("FR")}})},
        {prefix("2001:db8::/32"),
         test::mmdb_map({{"country", test::mmdb_map({{"iso_code", test::mmdb_text("JP")}})}})}};
    const auto atlas = read(content);
    ASSERT_TRUE(atlas.ok()) << atlas.error();
    EXPECT_EQ(location_at(*atlas, "192.0.2.1").country.text(), "FR");
    EXPECT_EQ(location_at(*atlas, "2001:db8::1").country.text(), "JP");
    EXPECT_FALSE(location_at(*atlas, "192.0.2.1").has_coordinates);
    EXPECT_FALSE(atlas->info().has_coordinates);
    EXPECT_FALSE(atlas->info().has_subdivisions);
    EXPECT_FALSE(atlas->info().has_cities);
}

TEST(MmdbReader, DoesNotFollowAliasesOfTheIpv4Tree) {
    MmdbContent content = maxmind_city();
    content.networks.pop_back();  // the alias of Teredo would lie over it
    content.has_aliases = true;
    const auto atlas = read(content);
    ASSERT_TRUE(atlas.ok()) << atlas.error();
    EXPECT_EQ(atlas->info().v4_networks, 2U);
    EXPECT_EQ(atlas->info().v6_networks, 0U);
    EXPECT_EQ(location_at(*atlas, "2002:c000:201::1"), Location{});
    EXPECT_EQ(location_at(*atlas, "192.0.2.1").country.text(), "DE");
}

TEST(MmdbReader, TakesOneFilePerFamilyInEitherOrder) {
    MmdbContent v4;
    v4.ip_version = 4;
    v4.networks = {{prefix("192.0.2.0/24"), test::flat_record("DE", "", "", 50, 8)}};
    v4.build_epoch = 20;
    MmdbContent v6;
    v6.networks = {{prefix("2001:db8::/32"), test::flat_record("SG", "", "", 1, 103)}};
    v6.build_epoch = 10;
    v6.type = "Other-City";
    const TemporaryFile first("v4.mmdb", test::mmdb_octets(v4));
    const TemporaryFile second("v6.mmdb", test::mmdb_octets(v6));
    for (const auto& paths :
         {std::vector{first.path(), second.path()}, std::vector{second.path(), first.path()}}) {
        const auto atlas = read_mmdb(paths);
        ASSERT_TRUE(atlas.ok()) << atlas.error();
        EXPECT_EQ(location_at(*atlas, "192.0.2.1").country.text(), "DE");
        EXPECT_EQ(location_at(*atlas, "2001:db8::1").country.text(), "SG");
        EXPECT_EQ(atlas->info().build_epoch, 10U);
        EXPECT_EQ(atlas->info().paths, paths);
        EXPECT_THAT(atlas->info().type, HasSubstr("Test-City"));
        EXPECT_THAT(atlas->info().type, HasSubstr("Other-City"));
    }
}

TEST(MmdbReader, LetsTheFirstFileOfAFamilyWin) {
    MmdbContent only_v4 = maxmind_city();
    only_v4.networks.pop_back();
    MmdbContent other = maxmind_city();
    other.networks = {{prefix("192.0.2.0/24"), test::flat_record("FR", "", "", 48, 2)},
                      {prefix("203.0.113.0/24"), test::flat_record("FR", "", "", 48, 2)},
                      {prefix("2001:db8::/32"), test::flat_record("FR", "", "", 48, 2)}};
    const TemporaryFile first("first.mmdb", test::mmdb_octets(only_v4));
    const TemporaryFile second("second.mmdb", test::mmdb_octets(other));
    const auto atlas = read_mmdb(std::vector{first.path(), second.path()});
    ASSERT_TRUE(atlas.ok()) << atlas.error();
    EXPECT_EQ(location_at(*atlas, "192.0.2.1").country.text(), "DE");
    EXPECT_EQ(location_at(*atlas, "203.0.113.1"), Location{});
    EXPECT_EQ(location_at(*atlas, "2001:db8::1").country.text(), "FR");
}

TEST(MmdbReader, RefusesAFileThatAddsNothing) {
    const TemporaryFile city("city.mmdb", test::mmdb_octets(maxmind_city()));
    MmdbContent asn;
    asn.type = "GeoLite2-ASN";
    asn.networks = {{prefix("192.0.2.0/24"),
                     test::mmdb_map({{"autonomous_system_number", test::mmdb_unsigned32(64500)}})}};
    const TemporaryFile beside("asn.mmdb", test::mmdb_octets(asn));
    const auto behind = read_mmdb(std::vector{city.path(), beside.path()});
    ASSERT_FALSE(behind.ok());
    EXPECT_THAT(behind.error(), HasSubstr(beside.path() + ": it adds nothing"));
    EXPECT_THAT(behind.error(), HasSubstr("\"GeoLite2-ASN\""));
    EXPECT_FALSE(read_mmdb(std::vector{beside.path(), city.path()}).ok());

    MmdbContent v4;  // twice the same family: the second is not that of IPv6
    v4.ip_version = 4;
    v4.networks = {{prefix("192.0.2.0/24"), test::flat_record("DE", "", "", 50, 8)}};
    const TemporaryFile first("one-v4.mmdb", test::mmdb_octets(v4));
    const TemporaryFile second("two-v4.mmdb", test::mmdb_octets(v4));
    EXPECT_FALSE(read_mmdb(std::vector{first.path(), second.path()}).ok());
}

TEST(MmdbReader, DropsCoordinatesThatAreNoPlaceOnEarthAndKeepsTheCountry) {
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    for (const Coordinates& wrong :
         {Coordinates{90.1, 0}, Coordinates{0, 180.5}, Coordinates{-91, 0}, Coordinates{kNan, 0},
          Coordinates{0, kNan}, Coordinates{kInfinity, 0}, Coordinates{0, -kInfinity}}) {
        MmdbContent content = maxmind_city();
        content.networks[0].second =
            test::maxmind_record("DE", "HE", "Frankfurt", wrong.latitude, wrong.longitude);
        const auto atlas = read(content);
        ASSERT_TRUE(atlas.ok()) << atlas.error();
        EXPECT_FALSE(location_at(*atlas, "192.0.2.1").has_coordinates);
        EXPECT_EQ(location_at(*atlas, "192.0.2.1").country.text(), "DE");
    }
}

TEST(MmdbReader, TakesValuesOfAnotherTypeForNone) {
    MmdbContent content = maxmind_city();
    content.networks[0].second = test::mmdb_map({{"country_code", test::mmdb_text("DE")},
                                                 {"latitude", test::mmdb_array({})},
                                                 {"longitude", test::mmdb_unsigned32(8)},
                                                 {"state1", test::mmdb_double(1)},
                                                 {"city", test::mmdb_array({})}});
    content.networks[1].second = test::mmdb_text("a record that is no map");
    const auto atlas = read(content);
    ASSERT_TRUE(atlas.ok()) << atlas.error();
    Location country_alone;
    country_alone.country = *CountryCode::parse("DE");
    EXPECT_EQ(location_at(*atlas, "192.0.2.1"), country_alone);
    EXPECT_EQ(location_at(*atlas, "198.51.100.1"), Location{});
    EXPECT_EQ(atlas->info().unread_records, 1U);
}

TEST(MmdbReader, DropsTextThatALogCouldNotQuote) {
    for (const char* const wrong : {"Frank\nfurt", "\x1b[31m", "\xff", "\xc0\xaf", "\xed\xa0\x80",
                                    "M\xc3", "\xf5\x80\x80\x80"}) {
        MmdbContent content = maxmind_city();
        content.networks[0].second = test::flat_record("DE", wrong, wrong, 50, 8);
        const auto atlas = read(content);
        ASSERT_TRUE(atlas.ok()) << atlas.error();
        EXPECT_EQ(location_at(*atlas, "192.0.2.1").city, 0U) << wrong;
        EXPECT_EQ(location_at(*atlas, "192.0.2.1").subdivision, 0U) << wrong;
    }
    MmdbContent content = maxmind_city();
    content.networks[0].second =
        test::flat_record("BR", "", "S\xc3\xa3o Paulo \xe6\x9d\xb1 \xf0\x9f\x8c\x8d", -23, -46);
    const auto atlas = read(content);
    ASSERT_TRUE(atlas.ok()) << atlas.error();
    EXPECT_NE(location_at(*atlas, "192.0.2.1").city, 0U);
}

TEST(MmdbReader, NamesThePathAndSaysWhatIsWrong) {
    const auto error_of = [](const std::string& path) {
        const auto atlas = read_mmdb(std::vector{path});
        return atlas.ok() ? std::string("no error") : atlas.error();
    };
    EXPECT_THAT(error_of("/nowhere/city.mmdb"),
                HasSubstr("/nowhere/city.mmdb: cannot be read: No such file"));
    EXPECT_THAT(error_of("/tmp"),
                HasSubstr("cannot be read: it is no ordinary file but a directory"));
    const TemporaryFile empty("empty.mmdb", {});
    EXPECT_THAT(error_of(empty.path()), HasSubstr(empty.path() + ": is empty"));
    const TemporaryFile text("text.mmdb", {'h', 'e', 'l', 'l', 'o'});
    EXPECT_THAT(error_of(text.path()), HasSubstr("not a MaxMind DB file"));
    EXPECT_THAT(read_mmdb({}).error(), HasSubstr("no geo database"));

    MmdbContent isp;
    isp.type = "GeoIP2-ISP";
    isp.networks = {{prefix("192.0.2.0/24"), test::mmdb_map({{"isp", test::mmdb_text("x")}})}};
    const TemporaryFile other("isp.mmdb", test::mmdb_octets(isp));
    EXPECT_THAT(error_of(other.path()),
                HasSubstr("no located network (its type is \"GeoIP2-ISP\")"));
}

TEST(MmdbReader, DoesNotWaitForAFifo) {
    const std::string path = TemporaryFile("fifo", {}).path();
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const auto atlas = read_mmdb(std::vector{path});
    std::remove(path.c_str());
    ASSERT_FALSE(atlas.ok());
    EXPECT_THAT(atlas.error(), HasSubstr("it is no ordinary file but a named pipe"));
}

TEST(MmdbReader, HoldsNothingOfTheFileAfterwards) {
    const auto octets = test::mmdb_octets(maxmind_city());
    const TemporaryFile file("replaced.mmdb", octets);
    const auto atlas = read_mmdb(std::vector{file.path()});
    ASSERT_TRUE(atlas.ok()) << atlas.error();
    file.overwrite(std::vector<std::uint8_t>(octets.size(), 0));
    EXPECT_EQ(location_at(*atlas, "192.0.2.1").country.text(), "DE");
    file.overwrite({});
    EXPECT_EQ(location_at(*atlas, "192.0.2.1").country.text(), "DE");
}

}  // namespace
}  // namespace meridian::geo
