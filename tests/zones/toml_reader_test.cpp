// Tests the values that are read from TOML, against toml11 as well.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "meridian/limits.h"
#include "meridian/zones/toml_document.h"
#include "tests/support/toml_twin.h"

namespace meridian::zones {
namespace {

TomlDocument read(std::string_view text) {
    auto document = read_toml("test.toml", text);
    EXPECT_TRUE(document.ok()) << (document.ok() ? "" : to_text(document.error().front(), false));
    return document ? std::move(document).value() : TomlDocument{};
}

TEST(TomlReader, ReadsEveryKindOfValue) {
    const TomlDocument document = read(
        "yes = true\n"
        "whole = -1_000\n"
        "hex = 0xff\n"
        "ratio = 6.25e-1\n"
        "text = \"a\\tb \\u00e4 \\U0001F30D\"\n"
        "raw = '\\# 4 c0000201'\n"
        "long = \"\"\"\nfirst \\\n   second\"\"\"\n"
        "moment = 2026-12-01T09:00:00Z\n"
        "day = 2026-12-01\n"
        "mixed = [1, 2.5, \"x\", [], {}]\n");
    EXPECT_EQ(document.root.boolean("yes"), true);
    EXPECT_EQ(document.root.integer("whole"), -1000);
    EXPECT_EQ(document.root.integer("hex"), 255);
    EXPECT_DOUBLE_EQ(*document.root.find("ratio")->value.get<double>(), 0.625);
    EXPECT_EQ(*document.root.text("text"), "a\tb \u00e4 \U0001F30D");
    EXPECT_EQ(*document.root.text("raw"), "\\# 4 c0000201");
    EXPECT_EQ(*document.root.text("long"), "first second");
    const auto* moment = document.root.find("moment")->value.get<TomlTime>();
    ASSERT_NE(moment, nullptr);
    EXPECT_EQ(moment->kind, TimeKind::OffsetDateTime);
    EXPECT_EQ(moment->text, "2026-12-01T09:00:00Z");
    EXPECT_EQ(document.root.find("day")->value.get<TomlTime>()->kind, TimeKind::LocalDate);
    const auto mixed = document.root.list("mixed");
    ASSERT_EQ(mixed.size(), 5u);
    EXPECT_EQ(mixed[0]->kind(), TomlKind::Integer);
    EXPECT_EQ(mixed[1]->kind(), TomlKind::Float);
    EXPECT_EQ(mixed[2]->kind(), TomlKind::Text);
    EXPECT_EQ(mixed[3]->kind(), TomlKind::Array);
    EXPECT_EQ(mixed[4]->kind(), TomlKind::Table);
}

/// Expects that toml11 reads the same.
void expect_twin(std::string_view text) {
    const auto twin = test::read_with_toml11(text);
    ASSERT_TRUE(twin.has_value()) << text;
    EXPECT_TRUE(test::same(read(text).root, *twin)) << text;
}

TEST(TomlReader, ReadsWhatToml11Reads) {
    for (const std::string_view text : {
             "a = 0xDEAD_beef\nb = 0o755\nc = 0b1_0\nd = +7\ne = -0\nf = 0",
             "a = 9223372036854775807\nb = -9223372036854775808",
             "a = 1e3\nb = -2.5E-3\nc = +1_0.2_5e+1_0\nd = 0.0\ne = -0.0",
             "a = 1e400\nb = -1e400\nc = 1e-400\nd = 5e-324\ne = 1.7976931348623157e308",
             "a = inf\nb = -inf\nc = +inf\nd = nan\ne = -nan",
             "a = 2026-12-01T09:00:00Z\nb = 2026-12-01t09:00:00.5+01:00\nc = 2026-12-01 09:00:00z",
             "a = 2026-12-01T09:00:00\nb = 2026-12-01 09:00:00.25\nc = 2026-12-01\nd = 09:00:00.5",
             "a = 2026-12-01T09:00:00-01:00",
             R"(a = "\b\t\n\f\r\"\\ \u00e4 \u20AC \U0001f30D")",
             R"(a = 'no \escapes "here"')",
             "a = \"\"\"\n\nfirst\n\"\"\"\nb = '''\n\nfirst\n'''",
             "a = \"\"\"\r\nfirst\r\nsecond\"\"\"\nb = '''\r\nfirst\r\nsecond'''",
             "a = \"\"\"two \"\" here\"\"\"\"\"\nb = '''two '' here'''''",
             "a = \"\"\"x \\\n\n  \t y \\  \r\n z\\\n\"\"\"",
             "a = \"\"\"# no comment \\\n # nor this\"\"\"",
             "a = \"\"\"\"\"\"\nb = ''''''\nc = \"\"\nd = ''",
             "\"a b\".'c.d'.\"\\u00e4\" = true\n[\"\"]\nx = false",
             "[a.b]\nc = [1, [2, 'x'], { d.e = 1, f = [] }]\n[[a.g]]\n[[a.g]]\nh = {}",
         }) {
        expect_twin(text);
    }
}

TEST(TomlReader, ReadsEveryFileOfTheProjectAsToml11Does) {
    std::size_t read_count = 0;
    for (const char* folder : {"docs", "packaging", "tests"}) {
        for (const auto& file : std::filesystem::recursive_directory_iterator(
                 std::filesystem::path(MERIDIAN_SOURCE) / folder)) {
            if (file.path().extension() != ".toml") { continue; }
            SCOPED_TRACE(file.path());
            std::ifstream stream(file.path());
            const std::string text{std::istreambuf_iterator<char>(stream), {}};
            if (!read_toml("faulty on purpose", text)) { continue; }
            expect_twin(text);
            ++read_count;
        }
    }
    EXPECT_GT(read_count, 5U);
}

TEST(TomlReader, KeepsKeysInTheOrderOfTheFile) {
    const TomlDocument document = read("[z]\nb = 1\na = 2\n[y]\n[x]\n");
    std::string order;
    for (const TomlEntry& entry : document.root.entries()) {
        order += entry.key;
    }
    for (const TomlEntry& entry : document.root.table("z")->entries()) {
        order += entry.key;
    }
    EXPECT_EQ(order, "zyxba");
}

TEST(TomlReader, FindsKeysInTablesOfAnySize) {
    std::string text;
    for (int i = 0; i < 300; ++i) {
        text += "key" + std::to_string(i) + " = " + std::to_string(i) + "\n";
    }
    const TomlDocument document = read(text);
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(document.root.integer("key" + std::to_string(i)), i);
    }
    EXPECT_EQ(document.root.find("key300"), nullptr);
}

TEST(TomlReader, TakesAByteOrderMarkAndCrLf) {
    const TomlDocument document = read(
        "\xef\xbb\xbf"
        "zone = \"x.example\"\r\n# \u00e4\r\n[a]\r\nb = 1");
    EXPECT_EQ(*document.root.text("zone"), "x.example");
    EXPECT_EQ(document.root.find("zone")->key_span.at, (TextPosition{1, 1, 4}));
    EXPECT_EQ(document.root.find("zone")->key_span.begin, 3u);
    EXPECT_EQ(document.root.table("a")->integer("b"), 1);
    EXPECT_EQ(document.lines.at(0), "zone = \"x.example\"");
}

TEST(TomlReader, TakesWhatLooksLikeAnotherFormOnlyWithinATextOrAComment) {
    const TomlDocument document = read(
        "#<!DOCTYPE html>\n# zone: example.org\nnote = \"\"\"\n<<<<<<< HEAD\n=======\n>>>>>>> "
        "other\n\"\"\"\nquotes = \"\u201cexample\u201d\"\n");
    EXPECT_EQ(*document.root.text("note"), "<<<<<<< HEAD\n=======\n>>>>>>> other\n");
    EXPECT_EQ(*document.root.text("quotes"), "\u201cexample\u201d");
}

TEST(TomlReader, AnEmptyFileIsAnEmptyTable) {
    EXPECT_TRUE(read("").root.empty());
    EXPECT_TRUE(read("# nothing\n\n").root.empty());
}

TEST(TomlReader, RefusesAFileThatIsTooLargeWithoutReadingIt) {
    const std::string huge(std::size_t{100} << 20, '[');
    const auto document = read_toml("test.toml", huge);
    ASSERT_FALSE(document.ok());
    ASSERT_EQ(document.error().size(), 1u);
    EXPECT_EQ(to_line(document.error().front()),
              "test.toml: error: the file has 104857600 octets; at most 4194304 are read");
}

}  // namespace
}  // namespace meridian::zones
