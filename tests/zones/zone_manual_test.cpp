// Tests that every example of the zone language's manual loads without a word.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "meridian/zones/zone_reader.h"

namespace meridian::zones {
namespace {

TEST(ZoneManual, EveryExampleLoads) {
    std::ifstream stream(MERIDIAN_ZONE_MANUAL);
    std::stringstream manual;
    manual << stream.rdbuf();
    const std::string text = manual.str();
    constexpr std::string_view kOpening = "```toml\n";
    int examples = 0;
    for (std::size_t at = text.find(kOpening); at != std::string::npos;
         at = text.find(kOpening, at)) {
        at += kOpening.size();
        const std::string example = text.substr(at, text.find("```", at) - at);
        const ZoneReading reading = read_zone({"README.md", example, 1});
        for (const Diagnostic& diagnostic : reading.diagnostics) {
            ADD_FAILURE() << to_text(diagnostic, false);
        }
        EXPECT_TRUE(reading.zone.has_value()) << example;
        ++examples;
    }
    EXPECT_GE(examples, 2);
}

}  // namespace
}  // namespace meridian::zones
