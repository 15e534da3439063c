// Tests what the scanner bounds and where it says that keys and values stand.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "meridian/limits.h"
#include "meridian/zones/toml_document.h"

namespace meridian::zones {
namespace {

std::string repeated(std::string_view text, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) {
        result += text;
    }
    return result;
}

/// Each refusal on a line, or nothing.
std::string refusals(std::string_view text) {
    const auto document = read_toml("t", text);
    std::string result;
    if (document) { return result; }
    for (const Diagnostic& diagnostic : document.error()) {
        result += to_line(diagnostic) + "\n";
    }
    return result;
}

TEST(TomlPositions, CountCharactersAndOctets) {
    constexpr std::string_view kText =
        "\"\u00fc\U0001F30D\" = \"\u00e4\"\n[b.\"c.d\"]\n\te = [1,\n 22]\n";
    const auto document = read_toml("t", kText);
    ASSERT_TRUE(document.ok());
    const TomlEntry& first = document->root.entries().at(0);
    EXPECT_EQ(first.key, "\u00fc\U0001F30D");
    EXPECT_EQ(first.key_span.at, (TextPosition{1, 1, 4}));
    EXPECT_EQ(first.value.span.at, (TextPosition{1, 8, 3}));
    EXPECT_EQ(first.value.span.begin, 11u);
    EXPECT_EQ(kText.substr(first.value.span.begin, first.value.span.end - first.value.span.begin),
              "\"\u00e4\"");

    const TomlEntry* below = document->root.table("b")->find("c.d");
    ASSERT_NE(below, nullptr);
    EXPECT_EQ(below->key_span.at, (TextPosition{2, 4, 5}));
    EXPECT_EQ(below->value.span.at, (TextPosition{2, 1, 9}));
    const TomlEntry& list = below->value.get<TomlTable>()->entries().at(0);
    EXPECT_EQ(list.key_span.at, (TextPosition{3, 2, 1}));
    EXPECT_EQ(list.value.span.at, (TextPosition{3, 6, 3}));  // cut at the end of its line
    EXPECT_EQ(list.value.get<TomlArray>()->items[1].span.at, (TextPosition{4, 2, 2}));
}

TEST(TomlPositions, KnowEveryPartOfADottedKeyAndOfBraces) {
    const auto document = read_toml("t", "a . b.c = { d = 1, e.f = \"x\" }\na.g = 2\n");
    ASSERT_TRUE(document.ok());
    const TomlEntry& a = document->root.entries().at(0);
    EXPECT_EQ(a.key_span.at, (TextPosition{1, 1, 1}));
    EXPECT_EQ(a.value.get<TomlTable>()->form, TomlForm::Dotted);
    const TomlEntry* c = a.value.get<TomlTable>()->table("b")->find("c");
    EXPECT_EQ(c->key_span.at, (TextPosition{1, 7, 1}));
    EXPECT_EQ(c->value.span.at, (TextPosition{1, 11, 20}));
    EXPECT_EQ(c->value.get<TomlTable>()->form, TomlForm::Inline);
    const TomlEntry* f = c->value.get<TomlTable>()->table("e")->find("f");
    EXPECT_EQ(f->value.span.at, (TextPosition{1, 26, 3}));
    EXPECT_EQ(a.value.get<TomlTable>()->find("g")->key_span.at, (TextPosition{2, 3, 1}));
}

TEST(TomlPositions, EveryFormOfTableIsKnown) {
    const auto document = read_toml("t", "[a.b]\n[a]\n[[c]]\nx = 1\n[[c]]\nx = 2\n[c.d]\ny = 3\n");
    ASSERT_TRUE(document.ok());
    EXPECT_EQ(document->root.table("a")->form, TomlForm::Header);
    const auto* list = document->root.find("c")->value.get<TomlArray>();
    ASSERT_NE(list, nullptr);
    EXPECT_TRUE(list->of_headers);
    ASSERT_EQ(list->items.size(), 2u);
    EXPECT_EQ(list->items[1].get<TomlTable>()->table("d")->integer("y"), 3);
}

TEST(TomlGuard, BoundsTheLengthOfALine) {
    const std::string longest = "a = \"" + std::string(kMaxTomlLineOctets - 6, 'x') + "\"";
    EXPECT_EQ(refusals(longest + "\r\n"), "");
    EXPECT_EQ(refusals(longest + " "),
              "t:1:1: error: the line is 4097 octets long; at most 4096 are read (an array may go "
              "on over several lines)\n");
}

TEST(TomlGuard, BoundsTheFile) {
    const std::string line = "#" + std::string(1022, 'x') + "\n";
    const std::string most = repeated(line, kMaxTomlFileOctets / line.size());
    ASSERT_EQ(most.size(), kMaxTomlFileOctets);
    EXPECT_EQ(refusals(most), "");
    EXPECT_EQ(refusals(most + "\n"),
              "t: error: the file has 4194305 octets; at most 4194304 are read\n");
}

TEST(TomlGuard, BoundsNestingOfEveryKind) {
    const std::string arrays = "a = " + repeated("[", 31) + repeated("]", 31) + "\n";
    EXPECT_EQ(refusals(arrays), "");
    const std::string reported = "this is more than 32 tables and arrays deep\n";
    EXPECT_EQ(refusals("a = " + repeated("[", 4000)), "t:1:36: error: a: " + reported);
    EXPECT_EQ(refusals("a = " + repeated("[\n", 100000)), "t:32:1: error: a: " + reported);
    EXPECT_NE(refusals("a = " + repeated("{a=", 1300)).find(reported), std::string::npos);
    EXPECT_EQ(refusals("a" + repeated(".a", 31) + " = 1\n"), "");
    EXPECT_NE(refusals("a" + repeated(".a", 2000) + " = 1\n"), "");
    EXPECT_NE(refusals("[a" + repeated(".a", 2000) + "]\n"), "");
    EXPECT_NE(refusals("[a" + repeated(".a", 30) + "]\nb.c.d = 1\n").find(reported),
              std::string::npos);
}

TEST(TomlGuard, RefusesControlCharacters) {
    using namespace std::string_literals;
    EXPECT_EQ(refusals("a = \"x\0y\"\n"s),
              "t:1:7: error: the control character 0x00 cannot stand in TOML (in a string write "
              "it as an escape, such as \\u0007)\n");
    EXPECT_NE(refusals("# \x1b[31m\n"), "");
    EXPECT_NE(refusals("a = 1 # \x7f\n"), "");
    EXPECT_EQ(refusals("a = 1\rb = 2\n"),
              "t:1:6: error: the control character 0x0D cannot stand in TOML (a line ends in LF or "
              "CR LF)\n");
    EXPECT_NE(refusals("a = 1\r"), "");
    EXPECT_EQ(refusals("a\t=\t1\t# \t\r\n"), "");
}

TEST(TomlGuard, RefusesWhatIsNotUtf8) {
    const std::string reported = "is not valid UTF-8 here (save the file as UTF-8)\n";
    for (const std::string_view bad :
         {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80",
          "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x8c"}) {
        const std::string text = "# \u00e4" + std::string(bad) + "\n";
        EXPECT_NE(refusals(text).find(reported), std::string::npos) << testing::PrintToString(bad);
        EXPECT_EQ(refusals(text).substr(0, 6), "t:1:4:");
        // At the end of the file no octet may be read beyond it.
        EXPECT_NE(refusals("#" + std::string(bad)).find(reported), std::string::npos);
    }
    for (const std::string_view good : {"\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                                        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
        EXPECT_EQ(refusals("# " + std::string(good)), "") << testing::PrintToString(good);
    }
    EXPECT_NE(refusals("\xff\xfe"
                       "a"),
              "");  // the mark of UTF-16
    EXPECT_NE(refusals("a = 1\n\xef\xbb\xbf"
                       "b = 2\n"),
              "");  // a mark only at the front
}

TEST(TomlGuard, TellsAtMostFiftyThingsAndCountsTheRest) {
    const auto document = read_toml("t", repeated("a = \n", 80));
    ASSERT_FALSE(document.ok());
    ASSERT_EQ(document.error().size(), kMaxDiagnostics + 1);
    EXPECT_EQ(to_line(document.error().back()), "t: error: 30 more are not shown");
}

TEST(TomlScanner, TakesWhatTomlAllows) {
    for (const std::string_view text : {"a = 1_000",
                                        "a = +5",
                                        "a = -0",
                                        "a = 0xdead_BEEF",
                                        "a = 0o17",
                                        "a = 0b1010",
                                        "a = 9223372036854775807",
                                        "a = -9223372036854775808",
                                        "a = 1e5",
                                        "a = -2.5E-3",
                                        "a = 0.0",
                                        "a = inf",
                                        "a = -nan",
                                        "a = 07:32:00.999",
                                        "a = 1979-05-27",
                                        "a = 1979-05-27 07:32:00",
                                        "a = 1979-05-27T07:32:00.5-07:00",
                                        "a = 'it\\is'",
                                        "a = \"\"\"x \"\" y\"\"\"",
                                        "a = '''\n'x'\n'''",
                                        "a = \"\\\"\\\\\\b\\f\"",
                                        "a = [ 1, # one\n 2,\n]",
                                        "a = [[], {}, [{}]]",
                                        "a = {}",
                                        "a = { b.c = 1, b.d = 2 }",
                                        "'a b' = 1",
                                        "\"\" = 1",
                                        "1234 = 1",
                                        "3.14 = 1",
                                        "a.b = 1\na.c = 2",
                                        "[ a . 'b' ]\nc = 1",
                                        "[a]\n[a.b]\n[c]",
                                        "[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]",
                                        "[a.b.c]\n[a]\nd = 1",
                                        "#x",
                                        "a = \"\\u00e4\\U0001F30D\"",
                                        "a = \"\"\"x\\\n   y\"\"\""}) {
        EXPECT_EQ(refusals(text), "") << text;
    }
}

TEST(TomlScanner, RefusesWhatTomlDoesNot) {
    for (const std::string_view text : {"a",
                                        "= 1",
                                        "a =",
                                        "a = 1 b = 2",
                                        "a = 01",
                                        "a = 1__0",
                                        "a = _1",
                                        "a = 1_",
                                        "a = .5",
                                        "a = 5.",
                                        "a = 1e",
                                        "a = 0x",
                                        "a = 0xg",
                                        "a = +0x1",
                                        "a = 1.e5",
                                        "a = --1",
                                        "a = tru",
                                        "a = 1979-05-27T",
                                        "a = 24:00",
                                        "a = 1979-5-27",
                                        "a = 1979-13-01",
                                        "a = 'x",
                                        "a = 'x\n'",
                                        "a = \"\\x41\"",
                                        "a = \"\\u12\"",
                                        "a = \"\\UFFFFFFFF\"",
                                        "a = [1 2]",
                                        "a = [,]",
                                        "a = [1,,2]",
                                        "a = {b = 1 c = 2}",
                                        "a = {b = 1,}",
                                        "a = {b}",
                                        "a = {\n}",
                                        "a = {b = 1,\nc = 2}",
                                        "a = {b = 1, b = 2}",
                                        "a = {b = 1}\na.c = 2",
                                        "[a",
                                        "[]",
                                        "[a]x = 1",
                                        "[[a]",
                                        "[a]]",
                                        "[a]\n[a]",
                                        "a = 1\n[a]",
                                        "[[a]]\n[a]",
                                        "[a]\n[[a]]",
                                        "a = []\n[[a]]",
                                        "a.b = 1\n[a]",
                                        "a = 1\na.b = 2",
                                        "[a.b]\n[a]\nb.c = 1",
                                        "a = 1979-05-27 b",
                                        "a = \"\"\"x",
                                        "a = 'x' 'y'",
                                        "\"\"\"a\"\"\" = 1",
                                        "a..b = 1",
                                        ".a = 1",
                                        "a. = 1"}) {
        EXPECT_NE(refusals(text), "") << text;
    }
}

}  // namespace
}  // namespace meridian::zones
