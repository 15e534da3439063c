// Tests everything that is told of zone files that are wrong or odd: bad_zones.txt, to the letter.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "meridian/zones/zone_reader.h"

namespace meridian::zones {
namespace {

constexpr std::string_view kFileMark = "-- FILE ";

/// As bad_zones.txt says at its top.
struct Case {
    std::string written;  // all but what is told
    std::string title;
    std::string zone_file = "zone.toml";
    std::string zone_text;
    std::map<std::string, std::string> others;  // files by name
    std::string told;
};

/// Puts N copies of TEXT in place of `{N x TEXT}`, and a line end in place of `\n` in it.
std::string with_copies(std::string line) {
    const std::size_t begin = line.find('{');
    const std::size_t times = line.find(" x ", begin);
    const std::size_t end = line.rfind('}');
    const bool digits = begin != std::string::npos && times != std::string::npos &&
                        end != std::string::npos && times > begin + 1 &&
                        line.find_first_not_of("0123456789", begin + 1) == times;
    if (!digits) { return line; }
    std::string text = line.substr(times + 3, end - times - 3);
    for (std::size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n")) {
        text.replace(at, 2, "\n");
    }
    std::string copies;
    for (int left = std::atoi(line.c_str() + begin + 1); left > 0; --left) {
        std::string copy = text;
        const std::size_t number = copy.find("{#}");
        if (number != std::string::npos) { copy.replace(number, 3, std::to_string(left)); }
        copies += copy;
    }
    return line.substr(0, begin) + copies + line.substr(end + 1);
}

/// A case whose own text is empty is about the first of its other files.
void choose_zone_file(Case& read, const std::string& first_file) {
    if (!read.zone_text.empty() || first_file.empty()) { return; }
    read.zone_file = first_file;
    read.zone_text = read.others.extract(first_file).mapped();
}

std::vector<Case> read_cases(std::string& preface) {
    std::ifstream stream(MERIDIAN_BAD_ZONES);
    std::vector<Case> cases;
    std::string* into = nullptr;
    std::string first_file;
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with("== ")) {
            cases.emplace_back().title = line.substr(3);
            into = &cases.back().zone_text;
            first_file.clear();
        } else if (into == nullptr) {
            preface += line + "\n";
            continue;
        } else if (line == "--") {
            choose_zone_file(cases.back(), first_file);
            into = &cases.back().told;
            continue;
        } else if (line.starts_with(kFileMark)) {
            const std::string name = line.substr(kFileMark.size());
            if (first_file.empty()) { first_file = name; }
            into = &cases.back().others[name];
        } else {
            *into += with_copies(line) + "\n";
        }
        if (into != &cases.back().told) { cases.back().written += line + "\n"; }
    }
    return cases;
}

ZoneReading read(const Case& wanted) {
    if (wanted.others.empty() && wanted.zone_file == "zone.toml") {
        return read_zone({wanted.zone_file, wanted.zone_text, 1});
    }
    const FileReader reader = [&](const std::string& path) -> Result<NamedFile, std::string> {
        const auto found = wanted.others.find(path);
        if (found == wanted.others.end()) { return Failure{"cannot read " + path}; }
        return NamedFile{path, std::make_shared<const std::string>(found->second)};
    };
    return read_zone({wanted.zone_file, wanted.zone_text, 1, reader});
}

TEST(BadZones, AreToldOfToTheLetter) {
    std::string is_told;  // the file as it would be if all of it were right
    const std::vector<Case> cases = read_cases(is_told);
    ASSERT_GE(cases.size(), 150u);
    for (const Case& wanted : cases) {
        const ZoneReading reading = read(wanted);
        std::string told;
        for (const Diagnostic& diagnostic : reading.diagnostics) {
            told += to_text(diagnostic, false);
        }
        EXPECT_EQ(told, wanted.told) << wanted.title;
        EXPECT_FALSE(wanted.told.empty()) << wanted.title;
        EXPECT_EQ(!reading.zones.empty(), !has_errors(reading.diagnostics)) << wanted.title;
        is_told += wanted.written + "--\n" + told;
    }
    // For whoever changes a message: read every line of the difference before it is kept.
    if (const char* file = std::getenv("MERIDIAN_WRITE_BAD_ZONES")) {
        std::ofstream(file) << is_told;
    }
}

}  // namespace
}  // namespace meridian::zones
