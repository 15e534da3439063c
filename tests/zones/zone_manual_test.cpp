// Tests that every example of the zone language's manual loads without a word.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/zones/zone_reader.h"

namespace meridian::zones {
namespace {

/// The blocks that `opening` begins.
std::vector<std::string> examples(const std::string& text, std::string_view opening) {
    std::vector<std::string> found;
    for (std::size_t at = text.find(opening); at != std::string::npos;
         at = text.find(opening, at)) {
        at += opening.size();
        found.push_back(text.substr(at, text.find("```", at) - at));
    }
    return found;
}

void expect_to_load(const ZoneReading& reading, const std::string& example) {
    for (const Diagnostic& diagnostic : reading.diagnostics) {
        ADD_FAILURE() << to_text(diagnostic, false);
    }
    EXPECT_TRUE(!reading.zones.empty() || reading.library) << example;
}

TEST(ZoneManual, EveryExampleLoads) {
    std::ifstream stream(MERIDIAN_ZONE_MANUAL);
    std::stringstream manual;
    manual << stream.rdbuf();
    const std::string text = manual.str();
    const std::vector<std::string> master_files = examples(text, "```dns\n");
    ASSERT_EQ(master_files.size(), 1U);
    expect_to_load(read_zone({"beigel.example.zone", master_files[0], 1}), master_files[0]);
    const FileReader reader = [&](const std::string& path) -> Result<NamedFile, std::string> {
        EXPECT_EQ(path, "beigel.example.zone");
        return NamedFile{path, std::make_shared<const std::string>(master_files[0])};
    };
    const std::vector<std::string> zones = examples(text, "```toml\n");
    EXPECT_GE(zones.size(), 3U);
    std::shared_ptr<const Library> library;  // the one that the next example uses
    const LibraryReader library_reader =
        [&](const std::string& path) -> Result<std::shared_ptr<const Library>, std::string> {
        EXPECT_EQ(path, "shared/world.toml");
        return library;
    };
    for (const std::string& example : zones) {
        const ZoneReading reading = read_zone({"README.md", example, 1, reader, library_reader});
        if (reading.library) { library = read_library("shared/world.toml", example); }
        expect_to_load(reading, example);
    }
    EXPECT_NE(library, nullptr);
}

}  // namespace
}  // namespace meridian::zones
