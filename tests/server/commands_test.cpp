// Checks what commands print and the exit codes that scripts rely on.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/server/temporary_directory.h"

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
         {"Boost", "ldns", "libmaxminddb", "toml11", "spdlog", "CLI11", "zstd", "xz", "xxHash"}) {
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
    EXPECT_EQ(run([] { return why({.name = "www.a.example"}); }).code, 2);
    const Outcome nonsense =
        run([] { return why({.name = "www.a.example", .client = "10.0.0.1/8"}); });
    EXPECT_EQ(nonsense.code, 2);
    EXPECT_THAT(nonsense.errors, HasSubstr("--client 10.0.0.1/8"));
    EXPECT_EQ(run([] { return why({.name = "a..b", .client = "10.0.0.1"}); }).code, 2);
    EXPECT_EQ(run([] { return why({.name = "a", .type = "NONE", .client = "10.0.0.1"}); }).code, 2);
}

TEST(Geo, RefusesWhatIsNoAddressOrNoDatabase) {
    EXPECT_EQ(run([] { return geo_lookup({.addresses = {"192.0.2.0/24"}}); }).code, 2);
    const Outcome outcome = run([] { return geo_info({.databases = {"/nowhere/at/all.mmdb"}}); });
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.errors, HasSubstr("/nowhere/at/all.mmdb"));
    EXPECT_THAT(outcome.out, IsEmpty());
}

}  // namespace
}  // namespace meridian::server
