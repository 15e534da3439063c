// Tests how a master file is cut into entries, and the words that stand before the data.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/master/master_lexer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "meridian/limits.h"
#include "zones/language/master/master_generate.h"
#include "zones/language/master/master_words.h"
#include "zones/language/text/named_path.h"

namespace meridian::zones {
namespace {

using Lines = std::vector<std::string>;

/// One line an entry: its words between bars, a bar less in front where it begins with a blank.
Lines cut(std::string_view text) {
    MasterLexer lexer(text, 0);
    MasterEntry entry;
    Lines lines;
    for (;;) {
        const auto step = lexer.next(entry);
        if (step == MasterLexer::Step::End) { return lines; }
        if (step == MasterLexer::Step::Fault) {
            const TextPosition at = lexer.position(lexer.fault().at);
            lines.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + " " +
                            std::string(lexer.fault().kind->text));
            continue;
        }
        std::string line = entry.begins_with_blank ? "" : "|";
        for (std::string_view word : entry.words) {
            line += std::string(word) + "|";
        }
        lines.push_back(line);
    }
}

TEST(MasterLexer, CutsLinesIntoWords) {
    EXPECT_EQ(cut("www 300 IN A 192.0.2.1\n\t TXT hi ; there\r\nlast A 192.0.2.2"),
              (Lines{"|www|300|IN|A|192.0.2.1|", "TXT|hi|", "|last|A|192.0.2.2|"}));
    EXPECT_EQ(cut("\xef\xbb\xbf@ NS a\n"), (Lines{"|@|NS|a|"})) << "a byte order mark";
    EXPECT_EQ(cut(""), Lines{});
    EXPECT_EQ(cut("\n  \n;only\n  ; this\n()\n"), Lines{});
}

TEST(MasterLexer, JoinsLinesWithinParentheses) {
    EXPECT_EQ(cut("@ SOA a b (1;x\n 2\n\n3 4(\n)5)\nb A c\n"),
              (Lines{"|@|SOA|a|b|1|2|3|4|5|", "|b|A|c|"}));
}

TEST(MasterLexer, LeavesQuotesAndEscapesAsTheyAre) {
    EXPECT_EQ(cut(R"(a TXT "b ; (c" "d\"e" f\;g \( "" "x""y" k="v w"z)"),
              (Lines{R"(|a|TXT|"b ; (c"|"d\"e"|f\;g|\(|""|"x"|"y"|k="v w"z|)"}));
}

TEST(MasterLexer, PointsAtWhatDoesNotEnd) {
    EXPECT_EQ(cut("a TXT \"b\nc A d\n"),
              (Lines{"1:7 the quotes are not closed in this line", "|c|A|d|"}));
    EXPECT_EQ(cut("\xc3\xa4 A )\nc A d\n"),
              (Lines{"1:5 the parenthesis was not opened", "|c|A|d|"}));
    EXPECT_EQ(cut("\xef\xbb\xbf@ A )"), (Lines{"1:5 the parenthesis was not opened"}))
        << "a byte order mark is no character";
    EXPECT_EQ(cut("a SOA (\n\n1 \"\n2 )\nb A c\n"),
              (Lines{"3:3 the quotes are not closed in this line",
                     "4:3 the parenthesis was not opened", "|b|A|c|"}));
    EXPECT_EQ(cut("a SOA ( 1\nb A c\n"), (Lines{"1:7 the parenthesis is not closed", "|b|A|c|"}));
    EXPECT_EQ(cut("a TXT \"b\\\n"), (Lines{"1:7 the quotes are not closed in this line"}));
    EXPECT_EQ(cut("a b\\\nc d\n"), (Lines{"|a|b\\|", "|c|d|"}));
}

TEST(MasterLexer, RefusesCarriageReturnsThatEndNoLine) {
    const std::string refusal = " a CR stands here that ends no line";
    EXPECT_EQ(cut("a A b\rb A c\rc A d\n\nd A e\n"), (Lines{"1:6" + refusal, "|d|A|e|"}));
    EXPECT_EQ(cut("a A b ; old\rb A c\nd A e\n"), (Lines{"1:12" + refusal, "|d|A|e|"}));
    EXPECT_EQ(cut("a A (\r\r\n b)\nd A e\n"),
              (Lines{"1:6" + refusal, "2:3 the parenthesis was not opened", "|d|A|e|"}));
    EXPECT_EQ(cut("a A b\\\rc\n"), (Lines{"1:7" + refusal}));
    EXPECT_EQ(cut("a A b ; c\r\nb A c\r"), (Lines{"|a|A|b|", "|b|A|c|"}));
}

TEST(MasterLexer, RefusesEntriesWithoutEnd) {
    const std::string blanks(kMaxMasterRecordOctets + 1, ' ');
    EXPECT_EQ(cut("a (" + blanks + ")\nb A c\n"),
              (Lines{"1:3 the parenthesis is not closed", "|b|A|c|"}));
    EXPECT_EQ(cut("a " + blanks + "b\nb A c\n"),
              (Lines{"1:1 the line is longer than 512 KiB", "|b|A|c|"}));
}

TEST(MasterWords, TtlsHaveUnits) {
    const auto seconds = [](std::string_view word) {
        return read_master_ttl(word).value().seconds;
    };
    EXPECT_EQ(seconds("0"), 0U);
    EXPECT_EQ(seconds("3600"), 3600U);
    EXPECT_EQ(seconds("1h30m"), 5400U);
    EXPECT_EQ(seconds("1W2D3h4M5s"), 788645U);
    EXPECT_EQ(seconds("2147483647"), 2147483647U);
    EXPECT_FALSE(read_master_ttl("2147483647")->is_cut);
    for (const char* bad : {"", "h", "1x", "-1", "1h30", "1.5h", "1h 2m", "2147483648x"}) {
        EXPECT_FALSE(read_master_ttl(bad)) << bad;
    }
}

TEST(MasterWords, TtlsOverTheMostAreTheMost) {
    for (const char* word : {"2147483648", "4294967295", "4294967296", "99999999999999999999",
                             "3551w", "2147483647s1s", "99999999999999999999w1s"}) {
        ASSERT_TRUE(read_master_ttl(word)) << word;
        EXPECT_EQ(read_master_ttl(word)->seconds, 2147483647U) << word;
        EXPECT_TRUE(read_master_ttl(word)->is_cut) << word;
    }
}

TEST(MasterWords, ClassesHaveNamesOrNumbers) {
    EXPECT_EQ(read_master_class("IN"), 1);
    EXPECT_EQ(read_master_class("in"), 1);
    EXPECT_EQ(read_master_class("CLASS1"), 1);
    EXPECT_EQ(read_master_class("ch"), 3);
    EXPECT_EQ(read_master_class("class65535"), 65535);
    for (const char* bad : {"A", "inn", "CLASS", "CLASS65536", "CLASS1x", ""}) {
        EXPECT_FALSE(read_master_class(bad)) << bad;
    }
}

std::string expand(std::string_view pattern, std::uint32_t number) {
    std::string text;
    return expand_generate(pattern, number, text) ? text : "refused";
}

TEST(Generate, PutsNumbersIntoPatterns) {
    EXPECT_EQ(expand("host$.a$", 7), "host7.a7");
    EXPECT_EQ(expand("${0,3}", 7), "007");
    EXPECT_EQ(expand("${-2}", 7), "5");
    EXPECT_EQ(expand("${248,0,x}", 7), "ff");
    EXPECT_EQ(expand("${248,4,X}", 7), "00FF");
    EXPECT_EQ(expand("${1,0,o}", 7), "10");
    EXPECT_EQ(expand("${0,0,n}", 0x1a2), "2.a.1");
    EXPECT_EQ(expand("${0,7,N}", 0xa), "A.0.0.0");
    EXPECT_EQ(expand("$$ \\$ \\.x", 7), "$ \\$ \\.x");
    EXPECT_EQ(expand("${-8} ${-8,4} ${-8,0,x} ${+1}", 7), "-1 -001 ffffffff 8");
    for (const char* bad :
         {"${", "${1", "${x}", "${1,2,z}", "${1,2,d,4}", "${2147483647}", "${0,256}"}) {
        EXPECT_EQ(expand(bad, 7), "refused") << bad;
    }
}

TEST(Generate, RangesHaveAnEndAndAStep) {
    const auto range = read_generate_range("1-254/3");
    ASSERT_TRUE(range);
    EXPECT_EQ(range->count(), 85U);
    EXPECT_EQ(read_generate_range("5-5")->count(), 1U);
    EXPECT_EQ(read_generate_range("+5-+6")->count(), 2U);
    EXPECT_EQ(read_generate_range("0-2147483647")->count(), 2147483648U);
    for (const char* bad : {"", "1", "1-", "2-1", "1-2/0", "1-2/", "-1-2", "-0-2", "1--2", "1-2/-1",
                            "1-2147483648", "1-2x"}) {
        EXPECT_FALSE(read_generate_range(bad)) << bad;
    }
}

TEST(NamedPath, IsRelativeToTheFileThatNamesIt) {
    EXPECT_EQ(resolve_path("", "a.zone").value(), "a.zone");
    EXPECT_EQ(resolve_path("a.zone", "b.zone").value(), "b.zone");
    EXPECT_EQ(resolve_path("sub/a.zone", "./deep//b.zone").value(), "sub/deep/b.zone");
    EXPECT_EQ(resolve_path("sub/a.zone", "/etc/b.zone").value(), "/etc/b.zone");
    EXPECT_EQ(resolve_path("/z/a.zone", "b").value(), "/z/b");
    EXPECT_EQ(resolve_path("", "..a..").value(), "..a..");
    for (const std::string bad : {"", ".", "/", "a/", "../a", "a/../../b", "a/..", "a\nb"}) {
        EXPECT_FALSE(resolve_path("", bad)) << bad;
    }
    EXPECT_FALSE(resolve_path("", std::string(kMaxPathOctets + 1, 'a')));
}

}  // namespace
}  // namespace meridian::zones
