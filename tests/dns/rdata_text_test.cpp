// Tests TXT and SPF, both as plain text and in presentation form.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "dns/wire/rdata_print.h"
#include "meridian/dns/rdata.h"

namespace meridian::dns {
namespace {

Rdata strings(std::initializer_list<std::string_view> parts) {
    Rdata rdata;
    for (const std::string_view part : parts) {
        rdata.push_back(static_cast<std::uint8_t>(part.size()));
        rdata.insert(rdata.end(), part.begin(), part.end());
    }
    return rdata;
}

TEST(TextRdata, IsTheTextItselfWhateverItHolds) {
    for (const std::string_view text :
         {std::string_view("v=spf1 mx -all"), std::string_view("v=DKIM1; k=rsa; p=AQID"),
          std::string_view("\"quoted\" \\ and (more)"), std::string_view("Z\xc3\xbcrich"),
          std::string_view("\0\n", 2), std::string_view("")}) {
        EXPECT_EQ(text_rdata(text).value(), strings({text}));
    }
}

TEST(TextRdata, IsCutInStringsOf255Octets) {
    const std::string full(255, 'a');
    EXPECT_EQ(*text_rdata(full), strings({full}));
    EXPECT_EQ(*text_rdata(full + "b"), strings({full, "b"}));
    EXPECT_EQ(*text_rdata(full + full), strings({full, full}));
}

TEST(TextRdata, MayFillARecordAndNoMore) {
    // 65279 octets are 255 strings of 255 and one of 254, with 256 lengths: 65535 together.
    EXPECT_EQ(text_rdata(std::string(65279, 'x')).value().size(), 65535u);
    EXPECT_FALSE(text_rdata(std::string(65280, 'x')));
}

TEST(TextRdata, ReadsBackFromWhatIsWritten) {
    for (const Type type : {Type::TXT, Type::SPF}) {
        std::string every;
        for (int octet = 0; octet < 256; ++octet) {
            every += static_cast<char>(octet);
        }
        const Rdata rdata = *text_rdata(every);
        const auto again = parse_rdata(type, rdata_to_text(type, rdata), Name());
        ASSERT_TRUE(again) << again.error().text;
        EXPECT_EQ(*again, rdata);
    }
}

TEST(TextRdata, PresentationFormHasStringsAndEscapes) {
    const auto parse = [](std::string_view text) {
        return parse_rdata(Type::TXT, text, Name()).value();
    };
    EXPECT_EQ(parse(R"("first string" "second")"), strings({"first string", "second"}));
    EXPECT_EQ(parse(R"(bare words)"), strings({"bare", "words"}));
    EXPECT_EQ(parse(R"("a\"b" "c\\d" "\065\;")"), strings({"a\"b", "c\\d", "A;"}));
    EXPECT_EQ(parse("\"v=DKIM1; k=rsa (x)\""), strings({"v=DKIM1; k=rsa (x)"}));
    EXPECT_EQ(parse(R"("")"), strings({""}));
    EXPECT_EQ(parse("\n \"a\"\t\r\n\"b\" "), strings({"a", "b"}));
}

}  // namespace
}  // namespace meridian::dns
