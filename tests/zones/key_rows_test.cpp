// Tests that a table is checked against the rows of its keys.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/key_rows.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace meridian::zones {
namespace {

using namespace std::chrono_literals;

constexpr std::array kLevels{std::string_view("info"), std::string_view("debug")};
constexpr std::array kChildKeys{
    KeyRow{.key = "x", .kind = Kind::Integer, .doc = "An x.", .required = true},
    KeyRow{.key = "later", .doc = "Some day.", .status = Status::NotSupportedYet},
};
constexpr std::array kShares{
    KeyRow{.key = "NAME", .kind = Kind::Integer, .minimum = -9, .maximum = 9}};
constexpr std::array kEither{
    KeyRow{.key = "one", .kind = Kind::Text, .doc = "One.", .required = true, .unless = "other"},
    KeyRow{.key = "other", .kind = Kind::Text}};
constexpr std::array kRows{
    KeyRow{.key = "any", .kind = Kind::Any},
    KeyRow{.key = "boolean", .kind = Kind::Boolean},
    KeyRow{.key = "integer", .kind = Kind::Integer, .minimum = 1, .maximum = 9},
    KeyRow{.key = "integers", .kind = Kind::Integers, .minimum = 1, .maximum = 9},
    KeyRow{.key = "number", .kind = Kind::Number, .minimum = -90, .maximum = 90},
    KeyRow{.key = "text", .kind = Kind::Text},
    KeyRow{.key = "choice", .kind = Kind::Text, .choices = kLevels},
    KeyRow{.key = "texts", .kind = Kind::Texts},
    KeyRow{.key = "addresses", .kind = Kind::Addresses},
    KeyRow{.key = "workers", .kind = Kind::IntegerOrText, .minimum = 1, .choices = kLevels},
    KeyRow{.key = "duration", .kind = Kind::Duration, .minimum = 0, .maximum = 60'000},
    KeyRow{.key = "seconds", .kind = Kind::Seconds, .minimum = 1, .maximum = 604800},
    KeyRow{.key = "ttl", .kind = Kind::Ttl, .minimum = 1, .maximum = 86400},
    KeyRow{.key = "size", .kind = Kind::Size, .minimum = 1024, .maximum = 1 << 20},
    KeyRow{.key = "time", .kind = Kind::Time},
    KeyRow{.key = "table", .kind = Kind::Table, .rows = kChildKeys},
    KeyRow{.key = "named", .kind = Kind::NamedTables, .rows = kChildKeys},
    KeyRow{.key = "values", .kind = Kind::NamedValues, .rows = kShares},
    KeyRow{.key = "either", .kind = Kind::Table, .rows = kEither},
    KeyRow{.key = "array", .kind = Kind::TableArray, .rows = kChildKeys},
    KeyRow{.key = "unused", .kind = Kind::Text, .status = Status::NoEffectYet},
};

std::string reported(std::string_view text) {
    const auto document = read_toml("t", text);
    EXPECT_TRUE(document.ok()) << text;
    if (!document) { return "no TOML"; }
    Findings findings("t", document->lines);
    check_keys(document->root, kRows, "", {}, findings);
    std::string result;
    for (const Diagnostic& diagnostic : findings.take()) {
        result += to_line(diagnostic) + "\n";
    }
    return result;
}

TEST(KeyRows, TakeWhatFits) {
    for (const std::string_view text : {"any = [1]",
                                        "boolean = true",
                                        "integer = 1",
                                        "integer = 9",
                                        "integers = 9",
                                        "integers = [1, 9]",
                                        "number = 90",
                                        "number = -89.5",
                                        "text = ''",
                                        "choice = 'debug'",
                                        "texts = 'x'",
                                        "texts = ['x', 'y']",
                                        "addresses = '192.0.2.1'",
                                        "addresses = ['192.0.2.1', '2001:db8::1']",
                                        "workers = 4",
                                        "workers = 'info'",
                                        "duration = '0ms'",
                                        "duration = '500ms'",
                                        "duration = '1m'",
                                        "duration = 60",
                                        "seconds = '1w'",
                                        "seconds = '7d'",
                                        "ttl = 1",
                                        "ttl = '24h'",
                                        "size = '1KiB'",
                                        "size = '1MiB'",
                                        "size = 4096",
                                        "time = 2026-12-01T09:00:00Z",
                                        "table = { x = 1 }",
                                        "named.a.x = 1\nnamed.b.x = 2",
                                        "values = { a = -9, b = 9 }",
                                        "values = {}",
                                        "either.one = 'x'",
                                        "either.other = 'x'",
                                        "[[array]]\nx = 1\n[[array]]\nx = 2",
                                        "array = [{ x = 1 }]",
                                        "unused = 'x'",
                                        ""}) {
        EXPECT_EQ(reported(text), "") << text;
    }
}

TEST(KeyRows, TellWhatDoesNot) {
    for (const std::string_view text : {"boolean = 1",
                                        "integer = 0",
                                        "integer = 10",
                                        "integer = 1.0",
                                        "integer = '1'",
                                        "integers = 10",
                                        "integers = [1, 0]",
                                        "integers = []",
                                        "integers = '1'",
                                        "integers = [1.0]",
                                        "number = 90.1",
                                        "number = nan",
                                        "number = inf",
                                        "number = '1'",
                                        "text = 1",
                                        "choice = 'x'",
                                        "texts = []",
                                        "texts = [1]",
                                        "texts = 1",
                                        "addresses = []",
                                        "addresses = [1]",
                                        "workers = 0",
                                        "workers = 'auto'",
                                        "workers = 1.5",
                                        "duration = '61s'",
                                        "duration = '1'",
                                        "duration = 's'",
                                        "duration = '-1s'",
                                        "duration = '1 s'",
                                        "duration = '1S'",
                                        "duration = ''",
                                        "duration = 1.5",
                                        "duration = -1",
                                        "seconds = '1000ms'",
                                        "seconds = '2w'",
                                        "ttl = 0",
                                        "ttl = '0s'",
                                        "ttl = '500ms'",
                                        "ttl = '25h'",
                                        "ttl = '18446744073709551617s'",
                                        "ttl = '9223372036854775807w'",
                                        "size = '1MB'",
                                        "size = 1",
                                        "size = '1GiB'",
                                        "size = '9223372036854775807GiB'",
                                        "size = true",
                                        "time = '2026'",
                                        "time = 5",
                                        "table = 1",
                                        "table = {}",
                                        "table = { x = 1, y = 2 }",
                                        "named = 1",
                                        "named.a = 1",
                                        "named.a = {}",
                                        "values = 1",
                                        "values = { a = 10 }",
                                        "values = { a = '1' }",
                                        "either = {}",
                                        "array = {}",
                                        "array = [1]",
                                        "array = [{}]",
                                        "[table]\nx = 1\nlater = 1"}) {
        const std::string lines = reported(text);
        EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1) << text << "\n" << lines;
        EXPECT_NE(lines.find(": error: "), std::string::npos) << text;
    }
}

TEST(KeyRows, NameTheKeyWhatWasExpectedAndTheRange) {
    EXPECT_EQ(reported("integer = 10"),
              "t:1:11: error: integer: 10 is out of range (expected 1 to 9)\n");
    EXPECT_EQ(reported("ttl = '25h'"),
              "t:1:7: error: ttl: \"25h\" is out of range (expected 1s to 1d)\n");
    EXPECT_EQ(reported("[named.\"a b\"]\nx = 'y'"),
              "t:2:5: error: named.\"a b\".x: expected a whole number, found a string\n");
    EXPECT_EQ(reported("[table]\n"), "t:1:1: error: table.x: this key is missing (An x.)\n");
    EXPECT_EQ(
        reported("integre = 1"),
        "t:1:1: error: integre: unknown key \"integre\" (did you mean \"integer\"? keys here: "
        "\"any\", \"boolean\", \"integer\", \"integers\", \"number\", \"text\", \"choice\", "
        "\"texts\", \"addresses\", \"workers\", \"duration\", \"seconds\", ...)\n");
    EXPECT_EQ(reported("duration = 'soon'"),
              "t:1:12: error: duration: \"soon\" is no duration here (expected a duration such as "
              "\"500ms\", \"30s\", \"5m\", \"1h\", \"1d\", \"2w\", or whole seconds)\n");
    EXPECT_EQ(reported("size = '1MB'"),
              "t:1:8: error: size: \"1MB\" is no size (write \"1MiB\"; expected a size such as "
              "\"64KiB\" or "
              "\"8MiB\", or whole octets)\n");
    EXPECT_EQ(reported("table = { x = 1, later = 2 }"),
              "t:1:18: error: table.later: not supported yet (Some day.)\n");
}

TEST(KeyRows, ANumberABooleanAndATimeHaveNoQuotes) {
    for (const auto& [written, expected, meant] : {
             std::array{"integer = '4'", "a whole number", "write 4"},
             std::array{"integers = ['4', 5]", "a whole number", "write 4"},
             std::array{"integers = '4'", "a whole number", "write 4"},
             std::array{"number = '0.5'", "a number", "write 0.5"},
             std::array{"boolean = 'false'", "true or false", "write false"},
             std::array{"boolean = 'Yes'", "true or false", "write true"},
             std::array{"workers = '4'", "a whole number", "write 4"},
             std::array{"time = '2026-12-01T09:00:00Z'",
                        "a date and time such as 2026-12-01T09:00:00Z",
                        "write 2026-12-01T09:00:00Z"},
         }) {
        EXPECT_NE(reported(written).find("expected " + std::string(expected) +
                                         ", which has no quotes (" + meant + ")"),
                  std::string::npos)
            << reported(written);
    }
    for (const char* guess : {"integer = '4.5'", "integer = 'four'", "boolean = 'maybe'",
                              "time = '5'", "table = '4'", "array = '4'"}) {
        EXPECT_EQ(reported(guess).find("quotes"), std::string::npos) << reported(guess);
    }
    EXPECT_NE(reported("boolean = 1").find("(write true)"), std::string::npos);
    EXPECT_NE(reported("size = '4096'").find("(write 4096; "), std::string::npos);
    EXPECT_NE(reported("size = '64 kb'").find("(write \"64KiB\"; "), std::string::npos);
}

TEST(KeyRows, DurationsAndSizesHaveTheirUnits) {
    const auto document = read_toml("t",
                                    "a = ['500ms', '30s', '5m', '1h', '1d', '2w', 90]\nb = "
                                    "['8MiB', '64KiB', '2GiB', 7, '5B']\n");
    ASSERT_TRUE(document.ok());
    const auto durations = document->root.list("a");
    EXPECT_EQ(duration_of(*durations[0]), 500ms);
    EXPECT_EQ(duration_of(*durations[1]), 30s);
    EXPECT_EQ(duration_of(*durations[2]), 5min);
    EXPECT_EQ(duration_of(*durations[3]), 1h);
    EXPECT_EQ(duration_of(*durations[4]), 24h);
    EXPECT_EQ(duration_of(*durations[5]), 336h);
    EXPECT_EQ(duration_of(*durations[6]), 90s);
    EXPECT_EQ(seconds_of(*durations[0]), std::nullopt);
    EXPECT_EQ(seconds_of(*durations[5]), 1209600);
    const auto sizes = document->root.list("b");
    EXPECT_EQ(octets_of(*sizes[0]), 8 << 20);
    EXPECT_EQ(octets_of(*sizes[1]), 64 << 10);
    EXPECT_EQ(octets_of(*sizes[2]), std::int64_t{2} << 30);
    EXPECT_EQ(octets_of(*sizes[3]), 7);
    EXPECT_EQ(octets_of(*sizes[4]), 5);
}

}  // namespace
}  // namespace meridian::zones
