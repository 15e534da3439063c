// Tests how diagnostics look.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/diagnostic.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "meridian/limits.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

Diagnostic example() {
    return {
        Severity::Error,
        "zones/beigel.example.toml",
        {21, 13, 8},
        "services.api.policy",
        "no policy is called \"nearst\"",
        "did you mean \"nearest\"? policies in this zone: \"nearest\", \"europe-first\" (line 9)",
        "policy    = \"nearst\""};
}

TEST(Diagnostic, PointsAtTheCharacterAndOffersTheWayOut) {
    EXPECT_EQ(to_text(example(), false),
              "zones/beigel.example.toml:21:13: error: services.api.policy: no policy is called "
              "\"nearst\"\n"
              "   21 | policy    = \"nearst\"\n"
              "      |             ^^^^^^^^\n"
              "   did you mean \"nearest\"? policies in this zone: \"nearest\", \"europe-first\" "
              "(line 9)\n");
}

TEST(Diagnostic, StandsOnOneLineForALog) {
    EXPECT_EQ(to_line(example()),
              "zones/beigel.example.toml:21:13: error: services.api.policy: no policy is called "
              "\"nearst\" (did you mean \"nearest\"? policies in this zone: \"nearest\", "
              "\"europe-first\" (line 9))");
}

TEST(Diagnostic, LeavesItsLevelToALogWhoseLinesBeginWithIt) {
    EXPECT_EQ(to_log_line(example()),
              "zones/beigel.example.toml:21:13: services.api.policy: no policy is called "
              "\"nearst\" (did you mean \"nearest\"? policies in this zone: \"nearest\", "
              "\"europe-first\" (line 9))");
    EXPECT_EQ(to_log_line({Severity::Warning, "a.toml", {}, "", "odd", "", ""}), "a.toml: odd");
    EXPECT_EQ(to_log_line({Severity::Warning, "", {}, "geo", "odd", "", ""}), "geo: odd");
}

TEST(Diagnostic, ColoursOnlyWhenAsked) {
    EXPECT_EQ(to_text(example(), false).find('\x1b'), std::string::npos);
    EXPECT_NE(to_text(example(), true).find("\x1b[1;31merror: \x1b[0m"), std::string::npos);
}

TEST(Diagnostic, DoesWithoutAPlaceAKeyAndAHint) {
    EXPECT_EQ(to_text({Severity::Warning, "a.toml", {}, "", "odd", "", ""}, false),
              "a.toml: warning: odd\n");
    EXPECT_EQ(to_text({Severity::Error, "a.toml", {3, 1, 1}, "", "odd", "", ""}, false),
              "a.toml:3:1: error: odd\n");
}

TEST(Diagnostic, MarksStandBelowWideCharactersAndTabs) {
    const Diagnostic diagnostic{Severity::Error, "a", {7, 6, 2}, "", "m", "", "\t\u00e4 = xy"};
    EXPECT_EQ(to_text(diagnostic, false),
              "a:7:6: error: m\n"
              "    7 | \t\u00e4 = xy\n"
              "      | \t    ^^\n");
}

TEST(Diagnostic, NothingOfTheFileMovesTheCursorOfATerminal) {
    const Diagnostic diagnostic{Severity::Error, "a\x1b", {1, 1, 1}, "k",
                                "m\x1b[2J\n",    "",      "\x1b[2J"};
    const std::string text = to_text(diagnostic, false);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(to_line(diagnostic).find_first_of("\x1b\n"), std::string::npos);
}

TEST(Diagnostic, NoMemberMovesTheCursorOfATerminal) {
    const std::string nasty = "x\x1b\r\x7f\u009b\b";
    Diagnostic diagnostic{Severity::Error, nasty, {1, 1, 1}, nasty, nasty, nasty, nasty};
    diagnostic.zones = {nasty, nasty};
    for (const std::string& text : {to_text(diagnostic, false), to_line(diagnostic)}) {
        EXPECT_EQ(text.find_first_of("\x1b\r\x7f\b"), std::string::npos) << text;
        EXPECT_EQ(text.find("\u009b"), std::string::npos) << text;
    }
}

/// Turns the text round, shows nothing, marks the file's beginning, and carries hidden letters.
constexpr std::array<std::string_view, 9> kHidden{
    "\u202e", "\u2066", "\u200b", "\u200d", "\u00ad", "\u2028", "\ufeff", "\U000e0041", "\u061c"};

TEST(Diagnostic, ShowsWhatATerminalWouldHide) {
    for (const std::string_view hidden : kHidden) {
        const std::string text = "x" + std::string(hidden) + "y";
        Diagnostic diagnostic{Severity::Error, text, {1, 1, 1}, text, text, text, text};
        diagnostic.zones = {text};
        for (const std::string& shown :
             {to_text(diagnostic, false), to_line(diagnostic), to_log_line(diagnostic)}) {
            EXPECT_EQ(shown.find(hidden), std::string::npos) << shown;
        }
    }
    const std::string name = "www\u202e\U000e0041.example";
    const Diagnostic diagnostic{Severity::Error, name, {}, "", zones::quoted(name), "", ""};
    EXPECT_EQ(to_line(diagnostic),
              R"(www\u202e\udb40\udc41.example: error: "www\u202e\udb40\udc41.example")");
}

TEST(Diagnostic, MarksAreAsWideAsTheEscapesAboveThem) {
    const Diagnostic diagnostic{Severity::Error, "a", {1, 3, 2}, "", "m", "", "a\u200bb\x1b.x"};
    EXPECT_EQ(to_text(diagnostic, false),
              "a:1:3: error: m\n"
              "    1 | a\\u200bb\\u001b.x\n"
              "      |        ^^^^^^^\n");
}

TEST(Diagnostic, AnOctetThatIsNoUtf8HidesNoLetterBesideIt) {
    for (const std::string_view octet : {"\x80", "\x85", "\xbf"}) {
        const std::string line = "a" + std::string(octet) + "b c";
        const Diagnostic diagnostic{Severity::Error, "f", {1, 4, 1}, "", "m", "", line};
        EXPECT_EQ(to_text(diagnostic, false),
                  "f:1:4: error: m\n"
                  "    1 | a\ufffdb c\n"
                  "      |     ^\n");
    }
    const Diagnostic first{Severity::Error,
                           "f",
                           {1, 2, 1},
                           "",
                           "m",
                           "",
                           "\x80\xff"
                           "b"};
    EXPECT_EQ(to_text(first, false),
              "f:1:2: error: m\n"
              "    1 | \ufffd\ufffdb\n"
              "      |  ^\n");
}

TEST(Diagnostic, LongLinesAreShownAroundThePlace) {
    const Diagnostic diagnostic{Severity::Error,
                                "a",
                                {1, 2001, 4},
                                "",
                                "m",
                                "",
                                std::string(2000, 'x') + "here" + std::string(2000, 'y')};
    const std::string text = to_text(diagnostic, false);
    EXPECT_LT(text.size(), 500u);
    const std::string shown = "..." + std::string(60, 'x') + "here" + std::string(96, 'y') + "...";
    EXPECT_NE(text.find("    1 | " + shown + "\n"), std::string::npos) << text;
    EXPECT_NE(text.find("      | " + std::string(63, ' ') + "^^^^\n"), std::string::npos) << text;
}

/// A diagnostic at a place in a master file of one line.
Diagnostic reported_of(const std::string& line, std::uint32_t column, std::string_view value = "") {
    Findings findings("a.toml", {});
    const std::uint32_t file = findings.add_file("a.zone", line, FileKind::Master);
    findings.report(diagnostics::kRecordTwice, {1, column, 4, file}, {}, {value});
    return findings.take().at(0);
}

TEST(Findings, KeepAPartOfALineThatIsLongerThanAnyShouldBe) {
    const std::string wide = "\xf0\x9f\x8c\x8d";  // one character, four octets
    std::string line;
    for (int i = 0; i < 100'000; ++i) {
        line += wide;
    }
    const Diagnostic diagnostic = reported_of(line + "here" + line, 100'001);
    EXPECT_LT(diagnostic.source_line.size(), 4096U);
    const std::string text = to_text(diagnostic, false);
    std::string before, behind;
    for (int i = 0; i < 60; ++i) {
        before += wide;
    }
    for (int i = 0; i < 96; ++i) {
        behind += wide;
    }
    EXPECT_NE(text.find("    1 | ..." + before + "here" + behind + "...\n"), std::string::npos)
        << text;
    EXPECT_NE(text.find("      | " + std::string(63, ' ') + "^^^^\n"), std::string::npos) << text;
}

TEST(Findings, KeepThePartAtEitherEndOfAVeryLongLine) {
    const std::string line = "front" + std::string(1'000'000, 'x') + "end";
    const std::string front = to_text(reported_of(line, 1), false);
    EXPECT_NE(front.find("    1 | frontxxx"), std::string::npos) << front;
    EXPECT_NE(front.find("xxx...\n      | ^^^^\n"), std::string::npos) << front;
    const std::string end = to_text(reported_of(line, 1'000'006), false);
    EXPECT_NE(end.find("    1 | ..."), std::string::npos) << end;
    EXPECT_NE(end.find("xxxend\n"), std::string::npos) << end;
    const std::string beyond = to_text(reported_of(line, 2'000'000), false);
    EXPECT_LT(beyond.size(), 4096U);
    EXPECT_LT(reported_of(std::string(1'000'000, '\x80'), 1).source_line.size(), 4096U);
}

TEST(Findings, CutAWordOfHalfAMegabyteThatIsTold) {
    const Diagnostic diagnostic = reported_of("x", 1, zones::quoted(std::string(500'000, 'w')));
    EXPECT_LT(diagnostic.text.size() + diagnostic.hint.size(), 10'000U);
    EXPECT_NE(diagnostic.hint.find("www...\""), std::string::npos);
}

TEST(Findings, StandInTheOrderOfTheFileErrorsFirstWhenThereAreTooMany) {
    const std::vector<std::string> lines{"one", "two"};
    Findings findings("a", lines);
    constexpr DiagnosticKind kLate{"late", Severity::Warning, "late"};
    constexpr DiagnosticKind kEarly{"early", Severity::Error, "early"};
    findings.report(kLate, {2, 1, 1}, "");
    findings.report(kEarly, {1, 1, 1}, "");
    EXPECT_EQ(findings.error_count(), 1u);
    const Diagnostics few = findings.take();
    ASSERT_EQ(few.size(), 2u);
    EXPECT_EQ(few[0].text, "early");
    EXPECT_EQ(few[0].source_line, "one");
    EXPECT_EQ(few[1].source_line, "two");

    Findings many("a", lines);
    for (std::size_t i = 0; i < kMaxDiagnostics + 5; ++i) {
        many.report(kLate, {1, 1, 1}, "");
    }
    many.report(kEarly, {2, 1, 1}, "");
    const Diagnostics shown = many.take();
    ASSERT_EQ(shown.size(), kMaxDiagnostics + 1);
    EXPECT_TRUE(has_errors(shown));
    EXPECT_EQ(shown[kMaxDiagnostics - 1].text, "early");
    EXPECT_EQ(shown.back().text, "6 more are not shown");
    EXPECT_EQ(shown.back().code, "more-errors");

    Findings harmless("a", lines);
    for (std::size_t i = 0; i < kMaxDiagnostics + 2; ++i) {
        harmless.report(kLate, {1, 1, 1}, "");
    }
    const Diagnostics warnings = harmless.take();
    EXPECT_EQ(warnings.back().text, "2 more are not shown");
    EXPECT_EQ(warnings.back().code, "more-warnings");
    EXPECT_FALSE(has_errors(warnings));
}

TEST(Spelling, FindsWhatWasMeant) {
    constexpr std::array<std::string_view, 5> kKnown{"nearest", "europe-first", "mx", "txt", "ttl"};
    EXPECT_EQ(nearest_spelling("nearst", kKnown), "nearest");
    EXPECT_EQ(nearest_spelling("naerest", kKnown), "nearest");  // two letters swapped
    EXPECT_EQ(nearest_spelling("NEAREST", kKnown), "nearest");
    EXPECT_EQ(nearest_spelling("europefirst", kKnown), "europe-first");
    EXPECT_EQ(nearest_spelling("mxx", kKnown), "mx");
    EXPECT_EQ(nearest_spelling("euro", kKnown), "europe-first");  // the beginning of one
    EXPECT_EQ(nearest_spelling("eu", kKnown), "");                // says too little
    EXPECT_EQ(nearest_spelling("frobnicate", kKnown), "");
    EXPECT_EQ(nearest_spelling("x", kKnown), "mx");
    EXPECT_EQ(nearest_spelling("y", kKnown), "");
    EXPECT_EQ(nearest_spelling("", kKnown), "");
    EXPECT_EQ(nearest_spelling(std::string(100000, 'n'), kKnown), "");
    EXPECT_EQ(nearest_spelling("nearst", {}), "");
}

TEST(Spelling, QuotesKeysWhereTomlWantsIt) {
    EXPECT_EQ(key_path("", "records"), "records");
    EXPECT_EQ(key_path("records", "*.shops"), "records.\"*.shops\"");
    EXPECT_EQ(key_path("a", ""), "a.\"\"");
    EXPECT_EQ(key_path("a", "x\"y\n"), "a.\"x\\\"y\\u000A\"");
}

Diagnostics warnings_of(std::size_t file_count, std::string_view code, Severity severity) {
    Diagnostics all;
    for (std::size_t i = 1; i <= file_count; ++i) {
        Diagnostic diagnostic{
            severity, std::to_string(i) + ".zone", {3, 1, 1}, "", "there is only one", "", "",
            code};
        all.push_back(diagnostic);
        all.push_back(diagnostic);
    }
    return all;
}

TEST(Diagnostics, OfOneKindFromManyFilesAreOneLineWithACount) {
    Diagnostics all = warnings_of(12587, "single-nameserver", Severity::Warning);
    append(all, warnings_of(2, "ttls-differ", Severity::Warning));
    const Diagnostics reported = summarised(all);
    ASSERT_EQ(reported.size(), 2U + 4U) << "all of the first file, and all of the other kind";
    EXPECT_EQ(to_line(reported[0]),
              "1.zone:3:1: warning: there is only one; 12586 other files have such a warning, too; "
              "`meridian check FILE` shows it");
    EXPECT_EQ(to_line(reported[1]), "1.zone:3:1: warning: there is only one");
    EXPECT_EQ(reported[5].file, "2.zone");
    EXPECT_EQ(
        to_text(reported[0], false),
        "1.zone:3:1: warning: there is only one\n   12586 other files have such a warning, too; "
        "`meridian check FILE` shows it\n");
}

TEST(Diagnostics, OfFewFilesAndErrorsAreAllTold) {
    for (const std::size_t files : {1U, 3U}) {
        const Diagnostics few = warnings_of(files, "single-nameserver", Severity::Warning);
        EXPECT_EQ(summarised(few).size(), few.size());
    }
    EXPECT_EQ(summarised(warnings_of(4, "single-nameserver", Severity::Warning)).size(), 2U);
    EXPECT_EQ(summarised(warnings_of(100, "no-ns", Severity::Error)).size(), 200U);
}

}  // namespace
}  // namespace meridian::zones
