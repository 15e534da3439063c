// Tests every diagnostic of zone files that are wrong or odd: bad_zones.txt, to the letter.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "meridian/zones/zone_reader.h"

namespace meridian::zones {
namespace {

constexpr std::string_view kFileMark = "-- FILE ";

/// As bad_zones.txt says at its top.
struct Case {
    std::string written;  // all but its diagnostics
    std::string title;
    std::string zone_file = "zone.toml";
    std::string zone_text;
    std::map<std::string, std::string> others;  // files by name
    std::string reported;
};

void replace_all(std::string& text, std::string_view what, const std::string& with) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
        text.replace(at, what.size(), with);
    }
}

/// Puts N copies of TEXT in place of `{N x TEXT}`, in it a line end in place of `\n` and an octet
/// in place of `\xHH`.
std::string with_copies(std::string line) {
    const std::size_t begin = line.find('{');
    const std::size_t times = line.find(" x ", begin);
    const std::size_t end = line.rfind('}');
    const bool digits = begin != std::string::npos && times != std::string::npos &&
                        end != std::string::npos && times > begin + 1 &&
                        line.find_first_not_of("0123456789", begin + 1) == times;
    if (!digits) { return line; }
    std::string text = line.substr(times + 3, end - times - 3);
    for (std::size_t at = text.find("\\x"); at != std::string::npos; at = text.find("\\x")) {
        const int octet = std::stoi(text.substr(at + 2, 2), nullptr, 16);
        text.replace(at, 4, 1, static_cast<char>(octet));
    }
    replace_all(text, "\\n", "\n");
    std::string copies;
    for (int left = std::atoi(line.c_str() + begin + 1); left > 0; --left) {
        std::string copy = text;
        replace_all(copy, "{#}", std::to_string(left));
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

std::vector<Case> read_cases(const char* file, std::string& preface) {
    std::ifstream stream(file);
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
            into = &cases.back().reported;
            continue;
        } else if (line.starts_with(kFileMark)) {
            const std::string name = line.substr(kFileMark.size());
            if (first_file.empty()) { first_file = name; }
            into = &cases.back().others[name];
        } else {
            *into += with_copies(line) + "\n";
        }
        if (into != &cases.back().reported) { cases.back().written += line + "\n"; }
    }
    return cases;
}

/// Each zone is one of a server with these commands.
ZoneReading read(const Case& wanted) {
    const auto commands = std::make_shared<const CommandNames>(
        CommandNames{"disk-space", "quorum", "replication-lag"});
    if (wanted.others.empty() && wanted.zone_file == "zone.toml") {
        return read_zone({.file = wanted.zone_file,
                          .text = wanted.zone_text,
                          .default_serial = 1,
                          .commands = commands});
    }
    const NamedFileReader reader = [&](const std::string& path) -> Result<NamedFile, std::string> {
        const auto found = wanted.others.find(path);
        if (found == wanted.others.end()) { return Failure{"cannot read " + path}; }
        return NamedFile{path, std::make_shared<const std::string>(found->second)};
    };
    return read_zone({.file = wanted.zone_file,
                      .text = wanted.zone_text,
                      .default_serial = 1,
                      .read_file = reader,
                      .commands = commands});
}

/// Codes whose exact text a test elsewhere shows, and where.
const std::map<std::string, std::string> kBeside{
    {"defined-by-two-libraries", "tests/zones/sharing_test.cpp"},
    {"data-text-too-long", "tests/dns/rdata_error_test.cpp"},
    {"delegation-ttl", "tests/zones/compiler_test.cpp"},
    {"library-used-twice", "tests/zones/sharing_test.cpp"},
    {"library-uses-library", "tests/zones/sharing_test.cpp"},
    {"more-errors", "tests/zones/diagnostic_test.cpp"},
    {"more-warnings", "tests/zones/diagnostic_test.cpp"},
    {"name-empty", "tests/dns/name_test.cpp"},
    {"name-space", "tests/dns/name_test.cpp"},
    {"no-data-type", "tests/dns/rdata_error_test.cpp"},
    {"no-duration", "tests/zones/key_rows_test.cpp"},
    {"no-size", "tests/zones/key_rows_test.cpp"},
    {"not-in-a-library", "tests/zones/sharing_test.cpp"},
    {"policy-of-no-library", "tests/zones/sharing_test.cpp"},
    {"region-of-no-library", "tests/zones/sharing_test.cpp"},
    {"serial-behind", "tests/zones/serial_test.cpp"},
    {"serial-unchanged", "tests/zones/serial_test.cpp"},
    {"service-of-no-library", "tests/zones/sharing_test.cpp"},
    {"set-too-large", "tests/zones/compiler_test.cpp"},
    {"too-many-tables", "tests/zones/route_maps_test.cpp"},
    {"too-many-zones", "tests/zones/compiler_test.cpp"},
    {"unused-library", "tests/server/libraries_test.cpp"},
    {"zone-became-library", "tests/server/libraries_test.cpp"},
    {"zone-twice", "tests/zones/compiler_test.cpp"},
};

/// Those that no test shows: 20 million records take too long for a test.
const std::set<std::string> kNotShown{"too-many-master-records"};

/// The text of a source file, its string literals without the breaks within them.
std::string text_of(const std::string& file) {
    std::ifstream stream(std::string(MERIDIAN_SOURCE) + "/" + file);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    return std::regex_replace(text, std::regex("\"\\s*\n\\s*\""), "");
}

struct Row {
    std::string code;
    std::string text;  // as it stands between its quotes
};

/// All rows of a table, in its order. Only those of zones have a severity.
std::vector<Row> rows_of(const std::string& file) {
    const std::string table = text_of(file);
    const std::regex row(
        "(?:DiagnosticKind|RdataFault) "
        "k\\w+\\{\\s*\"([a-z0-9-]+)\",\\s*(?:\\w+,\\s*)?\"((?:[^\"\\\\]|\\\\.)*)\"");
    std::vector<Row> rows;
    for (std::sregex_iterator at(table.begin(), table.end(), row), end; at != end; ++at) {
        rows.push_back({(*at)[1], (*at)[2]});
    }
    std::size_t there = 0;
    for (const std::string_view kind : {"DiagnosticKind k", "RdataFault k"}) {
        for (std::size_t at = 0; (at = table.find(kind, at)) != table.npos; ++at) {
            ++there;
        }
    }
    EXPECT_EQ(rows.size(), there) << "a row of another form";
    return rows;
}

/// Whether all that a text says between its values stands in a file.
bool shows(const std::string& file, std::string_view text) {
    const std::string source = text_of(file);
    for (;;) {
        const std::size_t gap = text.find("{}");
        if (source.find(text.substr(0, gap)) == std::string::npos) { return false; }
        if (gap == std::string_view::npos) { return true; }
        text.remove_prefix(gap + 2);
    }
}

TEST(BadZones, ShowEveryKind) {
    std::string preface;
    std::set<std::string> reported;
    for (const Case& wanted : read_cases(MERIDIAN_BAD_ZONES, preface)) {
        for (const Diagnostic& diagnostic : read(wanted).diagnostics) {
            EXPECT_FALSE(diagnostic.code.empty()) << diagnostic.text;
            reported.emplace(diagnostic.code);
        }
    }
    std::vector<Row> rows;
    for (const char* part : {"zone", "service", "toml", "master", "health"}) {
        const auto some = rows_of(std::string("zones/model/") + part + "_diagnostics.h");
        rows.insert(rows.end(), some.begin(), some.end());
    }
    ASSERT_GT(rows.size(), 100U);
    const std::vector<Row> of_rdata = rows_of("dns/wire/rdata_faults.h");
    ASSERT_GT(of_rdata.size(), 80U);
    rows.insert(rows.end(), of_rdata.begin(), of_rdata.end());
    std::set<std::string> codes;
    for (const auto& [code, text] : rows) {
        EXPECT_TRUE(codes.insert(code).second) << code << " stands twice in the tables";
        if (kNotShown.contains(code)) { continue; }
        const auto beside = kBeside.find(code);
        if (beside == kBeside.end()) {
            EXPECT_TRUE(reported.contains(code)) << code << " has no case in bad_zones.txt";
        } else {
            EXPECT_TRUE(shows(beside->second, text))
                << code << " is not shown in " << beside->second;
        }
    }
}

TEST(BadZones, AreToldOfToTheLetter) {
    std::string is_reported;  // the file as it would be if all of it were right
    const std::vector<Case> cases = read_cases(MERIDIAN_BAD_ZONES, is_reported);
    ASSERT_GE(cases.size(), 300u);
    for (const Case& wanted : cases) {
        const ZoneReading reading = read(wanted);
        std::string reported;
        for (const Diagnostic& diagnostic : reading.diagnostics) {
            reported += to_text(diagnostic, false);
        }
        EXPECT_EQ(reported, wanted.reported) << wanted.title;
        EXPECT_FALSE(wanted.reported.empty()) << wanted.title;
        EXPECT_EQ(!reading.zones.empty(), !has_errors(reading.diagnostics)) << wanted.title;
        is_reported += wanted.written + "--\n" + reported;
    }
    // After a change of a diagnostic, read every line of the difference before you commit it.
    if (const char* file = std::getenv("MERIDIAN_WRITE_BAD_ZONES")) {
        std::ofstream(file) << is_reported;
    }
}

/// What looks like a mistake and is none: a false alarm teaches to overlook the others.
TEST(QuietZones, LoadWithoutAWord) {
    std::string preface;
    const std::vector<Case> cases = read_cases(MERIDIAN_QUIET_ZONES, preface);
    ASSERT_GE(cases.size(), 10u);
    for (const Case& wanted : cases) {
        const ZoneReading reading = read(wanted);
        for (const Diagnostic& diagnostic : reading.diagnostics) {
            ADD_FAILURE() << wanted.title << ":\n" << to_text(diagnostic, false);
        }
        EXPECT_EQ(reading.zones.size(), 1U) << wanted.title;
        EXPECT_EQ(wanted.reported, "") << wanted.title;
    }
}

}  // namespace
}  // namespace meridian::zones
