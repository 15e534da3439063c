// Checks what commands print and the exit codes that scripts rely on.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/server/temporary_directory.h"
#include "tests/support/mmdb_writer.h"

namespace meridian::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

/// What a command said, and how it ended.
struct Outcome {
    int code = 0;
    std::string out;
    std::string errors;
};

template <typename Command>
Outcome run(Command command) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Outcome outcome;
    outcome.code = command();
    std::fflush(stdout);
    outcome.out = testing::internal::GetCapturedStdout();
    outcome.errors = testing::internal::GetCapturedStderr();
    return outcome;
}

constexpr const char* kZone = R"(zone = "a.example"
nameservers = ["ns1", "ns2"]
[records]
ns1.a = "192.0.2.53"
ns2.a = "198.51.100.53"
)";

TEST(Version, NamesTheCompilerAndEveryLibrary) {
    const std::string text = version_text();
    EXPECT_THAT(text, MatchesRegex("meridian [0-9.]+\ncompiled by (gcc|clang) (.|\n)*"));
    for (const char* library :
         {"Boost", "ldns", "libmaxminddb", "spdlog", "CLI11", "zstd", "xz", "xxHash"}) {
        EXPECT_THAT(text, testing::ContainsRegex(std::string(library) + " [0-9]+\\.[0-9]+"));
    }
}

TEST(Check, ToldOfAGoodZoneIsContent) {
    const test::TemporaryDirectory directory;
    const std::string file = directory.write("a.toml", kZone);
    const Outcome outcome = run([&] { return check({.paths = {file}}); });
    EXPECT_EQ(outcome.code, 0);
    EXPECT_EQ(outcome.out, file + ": 0 errors, 0 warnings\n");
    EXPECT_THAT(outcome.errors, IsEmpty());
}

TEST(Check, PointsAtWhatIsWrong) {
    const test::TemporaryDirectory directory;
    const std::string good = directory.write("a.toml", kZone);
    const std::string bad = directory.write("b.toml", std::string(kZone) + "www.aa = \"1\"\n");
    const Outcome outcome = run([&] { return check({.paths = {good, bad}}); });
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.out, good + ": 0 errors, 0 warnings\n" + bad + ": 1 error, 0 warnings\n");
    EXPECT_THAT(outcome.errors, HasSubstr(bad + ":6:5: error: "));
}

TEST(Check, AMissingConfigurationIsWrong) {
    const Outcome outcome = run([] { return check({.config_file = "/nowhere/meridian.toml"}); });
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.errors, HasSubstr("No such file or directory"));
}

TEST(Why, SaysWhatItWasNotTold) {
    EXPECT_EQ(run([] { return why({.question = {.name = "www.a.example"}}); }).code, 2);
    const Outcome nonsense =
        run([] { return why({.question = {.name = "www.a.example", .client = "10.0.0.1/8"}}); });
    EXPECT_EQ(nonsense.code, 2);
    EXPECT_THAT(nonsense.errors, HasSubstr("--client 10.0.0.1/8"));
    EXPECT_EQ(run([] { return why({.question = {.name = "a..b", .client = "10.0.0.1"}}); }).code,
              2);
    EXPECT_EQ(run([] {
                  return why({.question = {.name = "a", .type = "NONE", .client = "10.0.0.1"}});
              }).code,
              2);
}

TEST(Geo, RefusesWhatIsNoAddressOrNoDatabase) {
    EXPECT_EQ(run([] { return geo_lookup({.addresses = {"192.0.2.300"}}); }).code, 2);
    EXPECT_EQ(run([] { return geo_lookup({.addresses = {"192.0.2.0/33"}}); }).code, 2);
    const Outcome outcome = run([] { return geo_info({.databases = {"/nowhere/at/all.mmdb"}}); });
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.errors, HasSubstr("/nowhere/at/all.mmdb"));
    EXPECT_THAT(outcome.out, IsEmpty());
}

/// A city, a country and a continent alone, in one /22.
std::vector<std::uint8_t> small_database() {
    const auto prefix = [](const char* text) { return IpPrefix::parse(text).value(); };
    const auto code = [](const char* key, const char* text) {
        return test::mmdb_map({{key, test::mmdb_text(text)}});
    };
    test::MmdbContent content;
    content.networks = {
        {prefix("10.0.0.0/24"), code("country_code", "DE")},
        {prefix("198.51.100.0/24"), test::maxmind_record("US", "VA", "Ashburn", 39.0, -77.5)},
        {prefix("198.51.101.0/24"), code("country_code", "US")},
        {prefix("198.51.102.0/24"), code("continent_code", "AF")}};
    return test::mmdb_octets(content);
}

TEST(Geo, LooksUpPrefixesAndSaysWhatIsKnownOfThem) {
    const test::TemporaryFile file("geo.mmdb", small_database());
    const auto look_up = [&](const std::string& asked) {
        return run([&] { return geo_lookup({.databases = {file.path()}, .addresses = {asked}}); });
    };
    const Outcome parts = look_up("198.51.100.0/22");
    EXPECT_EQ(parts.code, 1) << "a part of it is unknown";
    EXPECT_EQ(
        parts.out,
        "198.51.100.0/22  198.51.100.0/24  Ashburn, US-VA, United States, NA, 39.00 N 77.50 W "
        "(database coordinates, within 20 km)\n"
        "198.51.100.0/22  198.51.101.0/24  United States, NA, only the country is known, "
        "steered as from 40.71 N 74.01 W\n"
        "198.51.100.0/22  198.51.102.0/24  AF, only the continent is known, steered as from "
        "26.21 S 28.03 E\n"
        "198.51.100.0/22  198.51.103.0/24  unknown; no place is known: steering takes the "
        "default order of the policy\n");
    const Outcome inside = look_up("198.51.100.128/25");
    EXPECT_EQ(inside.code, 0);
    EXPECT_THAT(inside.out, HasSubstr("198.51.100.128/25  198.51.100.0/24  Ashburn"));
    const Outcome reserved = look_up("10.0.0.1");
    EXPECT_THAT(reserved.out, HasSubstr("Germany"));
    EXPECT_THAT(reserved.out, HasSubstr("; reserved space: steering asks for the resolver's"));
    EXPECT_THAT(look_up("::ffff:198.51.100.7").out, HasSubstr(" is 198.51.100.7  198.51.100.0/24"));
    EXPECT_THAT(look_up("64:ff9b::/96").out, HasSubstr("IPv4 inside IPv6: steering goes by"));
    const Outcome cut = look_up("0.0.0.0/0");
    EXPECT_THAT(cut.errors, IsEmpty());
}

TEST(Geo, TellsWhatADatabaseLacks) {
    const test::TemporaryFile file("geo.mmdb", small_database());
    const Outcome outcome = run([&] { return geo_info({.databases = {file.path()}}); });
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("warning      it has no IPv6 networks"));
    EXPECT_THAT(outcome.out, HasSubstr("coordinates  yes, of 1 and 0 networks"));
}

}  // namespace
}  // namespace meridian::server
