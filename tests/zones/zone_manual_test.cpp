// Tests the manuals: their zones load without a word, and their limits are those of the program.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/limits.h"
#include "meridian/zones/zone_reader.h"

namespace meridian::zones {
namespace {

constexpr std::string_view kUnnamedMasterFile = "beigel.example.zone";  // as zones/README.md says

struct Example {
    std::string name;  ///< That of the file, where a comment in the first line gives it.
    std::string text;
};

/// The blocks that `opening` begins.
std::vector<Example> examples(const std::string& page, std::string_view opening) {
    std::vector<Example> found;
    for (std::size_t at = page.find(opening); at != std::string::npos;
         at = page.find(opening, at)) {
        at += opening.size();
        Example example{"", page.substr(at, page.find("```", at) - at)};
        const std::string first = example.text.substr(0, example.text.find('\n'));
        const bool names_file = first.ends_with(".toml") || first.ends_with(".zone");
        if (names_file && (first.starts_with("# ") || first.starts_with("; "))) {
            example.name = std::filesystem::path(first.substr(2)).filename().string();
        }
        found.push_back(std::move(example));
    }
    return found;
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream stream(path);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

/// Pages that play data centres on one machine have addresses of its loopback network.
bool plays_on_loopback(const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::Warning &&
           diagnostic.text.find("\"127.53.") != std::string::npos;
}

void expect_to_load(const ZoneReading& reading, const std::string& example) {
    for (const Diagnostic& diagnostic : reading.diagnostics) {
        if (plays_on_loopback(diagnostic)) { continue; }
        ADD_FAILURE() << to_text(diagnostic, false);
    }
    EXPECT_TRUE(!reading.zones.empty() || reading.library) << example;
}

/// Loads the master files of the page, then its TOML files, which may read those and the library
/// that stands before them. Returns the last library.
std::shared_ptr<const Library> expect_page_to_load(const std::filesystem::path& path,
                                                   std::size_t least_zones) {
    SCOPED_TRACE(path);
    const std::string page = text_of(path);
    std::map<std::string, std::string> master_files;
    for (const Example& example : examples(page, "```dns\n")) {
        const std::string name =
            example.name.empty() ? std::string(kUnnamedMasterFile) : example.name;
        master_files[name] = example.text;  // a page may change a file as it goes
        expect_to_load(read_zone({name, example.text, 1}), example.text);
    }
    const NamedFileReader reader = [&](const std::string& name) -> Result<NamedFile, std::string> {
        const auto found = master_files.find(name);
        if (found == master_files.end()) { return Failure{"the page has no " + name}; }
        return NamedFile{name, std::make_shared<const std::string>(found->second)};
    };
    std::shared_ptr<const Library> library;
    const LibraryReader library_reader =
        [&](const std::string& name) -> Result<std::shared_ptr<const Library>, std::string> {
        EXPECT_EQ(name, "shared/world.toml");
        return library;
    };
    std::size_t zones = master_files.size();
    for (const Example& example : examples(page, "```toml\n")) {
        if (example.name == "meridian.toml") { continue; }
        ++zones;
        const ZoneReading reading =
            read_zone({"page.toml", example.text, 1, reader, library_reader});
        if (reading.library) { library = read_library("shared/world.toml", example.text); }
        expect_to_load(reading, example.text);
    }
    EXPECT_GE(zones, least_zones);
    return library;
}

TEST(ZoneManual, EveryExampleLoads) {
    EXPECT_NE(expect_page_to_load(MERIDIAN_ZONE_MANUAL, 4), nullptr);
}

TEST(ZoneManual, LimitsAreThoseOfTheProgram) {
    const auto with = [](std::string_view before, std::size_t limit, std::string_view behind) {
        return std::string(before) + std::to_string(limit) + std::string(behind);
    };
    const std::string page = text_of(MERIDIAN_ZONE_MANUAL);
    for (const std::string& said :
         {with("| a TOML file | ", kMaxTomlFileOctets >> 20, " MiB;"),
          with("| a line of it | ", kMaxTomlLineOctets, " octets |"),
          with("| tables and arrays within each other | ", kMaxTomlNesting, " |"),
          with("| names of a zone in one file | ", kMaxZonesPerFile, " |"),
          with("| regions of a zone | ", kMaxRegions, " |"),
          with("| policies of a zone | ", kMaxPolicies, " |"),
          with("| services of a zone | ", kMaxServices, " |"),
          with("| addresses of a region | ", kMaxRegionAddresses, " |"),
          with("| addresses of a service in a region | ", kMaxRegionAddresses, " |"),
          with("| addresses of its last resort | ", kMaxRegionAddresses, " |"),
          with("| further headers of a health check | ", kMaxProbeHeaders, " |"),
          with("| its path, a header or the text to look for | ", kMaxProbeTextOctets, " octets |"),
          with("| records of one type at one name | ", kMaxRecordsPerSet, " |"),
          with("| nameservers of a zone | ", kMaxNameservers, " |"),
          with("| tables of all policies of a server | ", kMaxTableOctets >> 20, " MiB;"),
          with("At most ", kMaxRecordsPerSet, " records of a type stand under a name."),
          with("| a name | ", kMaxNameOctets, " octets,"),
          with(" octets, ", kMaxNameLabels, " labels of"),
          with(" labels of up to ", kMaxLabelOctets, " octets"),
          with("| the data of a record | ", kMaxRdataOctets, " octets |"),
          with("| zones of a server | ", kMaxZones, " |"),
          with("| a chain of CNAMEs that is followed | ", kMaxCnameHops, " |"),
          with("Limits of a zone: ", kMaxMasterFileOctets >> 30, " GiB of master files,"),
          with(" of master files, ", kMaxMasterRecords / 1'000'000, " million records,"),
          with(" million records, ", kMaxMasterRecordOctets >> 10, " KiB a record,"),
          with("`$INCLUDE` ", kMaxIncludeDepth, " deep"),
          with("and ", kMaxIncludes, " in all,"),
          with(" in all, ", kMaxGenerated, " records of `$GENERATE`")}) {
        EXPECT_NE(page.find(said), page.npos) << said;
    }
}

TEST(Recipes, EveryZoneLoads) {
    std::size_t pages = 0;
    for (const auto& entry : std::filesystem::directory_iterator(MERIDIAN_RECIPES)) {
        (void)expect_page_to_load(entry.path(), 1);
        ++pages;
    }
    EXPECT_GE(pages, 3u);
}

}  // namespace
}  // namespace meridian::zones
