// Tests everything that is told of zone files that are wrong or odd: bad_zones.txt, to the letter.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "meridian/zones/zone_reader.h"

namespace meridian::zones {
namespace {

struct Case {
    std::string title;
    std::string file;
    std::string told;
};

std::vector<Case> read_cases() {
    std::ifstream stream(MERIDIAN_BAD_ZONES);
    std::vector<Case> cases;
    std::string* into = nullptr;
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with("== ")) {
            cases.push_back({line.substr(3), {}, {}});
            into = &cases.back().file;
        } else if (line == "--") {
            into = &cases.back().told;
        } else if (into != nullptr) {
            *into += line + "\n";
        }
    }
    return cases;
}

TEST(BadZones, AreToldOfToTheLetter) {
    const std::vector<Case> cases = read_cases();
    ASSERT_GE(cases.size(), 150u);
    for (const Case& wanted : cases) {
        const ZoneReading reading = read_zone({"zone.toml", wanted.file, 1});
        std::string told;
        for (const Diagnostic& diagnostic : reading.diagnostics) {
            told += to_text(diagnostic, false);
        }
        EXPECT_EQ(told, wanted.told) << wanted.title;
        EXPECT_FALSE(wanted.told.empty()) << wanted.title;
        EXPECT_EQ(reading.zone.has_value(), !has_errors(reading.diagnostics)) << wanted.title;
    }
}

}  // namespace
}  // namespace meridian::zones
