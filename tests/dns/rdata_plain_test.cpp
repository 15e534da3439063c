// Compares the two readers of RDATA.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/rdata_plain.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "tests/dns/rdata_samples.h"
#include "tests/support/seeds.h"

namespace meridian::dns {
namespace {

constexpr std::array kPlainTypes{Type::A,     Type::AAAA, Type::NS,  Type::CNAME, Type::PTR,
                                 Type::DNAME, Type::MX,   Type::SRV, Type::TXT,   Type::SPF};

const Name& origin() {
    static const Name name = *Name::parse_absolute(kSampleOrigin);
    return name;
}

bool is_plain(Type type, std::string_view text) {
    return read_plain_rdata(type, text, origin()).has_value();
}

/// Checks that the short reader returns what the long one does, or leaves the decision to it.
void expect_same(Type type, const std::string& text) {
    const auto plain = read_plain_rdata(type, text, origin());
    if (!plain) { return; }
    RdataWarnings warnings;
    const auto by_fields = read_rdata_by_fields(type, text, origin(), warnings);
    ASSERT_TRUE(by_fields.ok()) << type_to_text(type) << " " << text << ": "
                                << by_fields.error().text;
    EXPECT_EQ(*plain, *by_fields) << type_to_text(type) << " " << text;
}

TEST(PlainRdata, IsWhatZonesAreFullOf) {
    EXPECT_TRUE(is_plain(Type::A, "192.0.2.1"));
    EXPECT_TRUE(is_plain(Type::AAAA, "2001:db8::1"));
    EXPECT_TRUE(is_plain(Type::NS, "ns1"));
    EXPECT_TRUE(is_plain(Type::CNAME, "www.example.net."));
    EXPECT_TRUE(is_plain(Type::PTR, "@"));
    EXPECT_TRUE(is_plain(Type::MX, " 10\tmail "));
    EXPECT_TRUE(is_plain(Type::SRV, "10 5 5060 ."));
    EXPECT_TRUE(is_plain(Type::TXT, "\"v=spf1 (mx); -all\" word \"\""));
}

TEST(PlainRdata, LeavesTheRestToTheLongWay) {
    EXPECT_FALSE(is_plain(Type::A, ""));
    EXPECT_FALSE(is_plain(Type::A, "192.0.2.01"));
    EXPECT_FALSE(is_plain(Type::A, "192.0.2.1 x"));
    EXPECT_FALSE(is_plain(Type::A, "\\# 4 c0000201"));
    EXPECT_FALSE(is_plain(Type::AAAA, "192.0.2.1"));
    EXPECT_FALSE(is_plain(Type::NS, "\"ns1\""));
    EXPECT_FALSE(is_plain(Type::NS, "ns(1"));
    EXPECT_FALSE(is_plain(Type::MX, "70000 mail"));
    EXPECT_FALSE(is_plain(Type::TXT, "\"a\"b"));
    EXPECT_FALSE(is_plain(Type::TXT, "a\\010"));
    EXPECT_FALSE(is_plain(Type::TXT, std::string(256, 'a')));
    EXPECT_FALSE(is_plain(Type::CAA, "0 issue \"ca.example\""));
}

TEST(PlainRdata, SaysTheSameOfAllSamples) {
    for (const RdataSample& sample : rdata_samples()) {
        for (const Type type : kPlainTypes) {
            expect_same(type, std::string(sample.text));
        }
    }
}

TEST(PlainRdata, SaysTheSameOfRandomTexts) {
    constexpr std::array<std::string_view, 42> kPieces{
        "192.0.2.1", "0",
        "255",       "256",
        "1.2.3",     ".",
        "..",        "@",
        "a",         "mail",
        "x.y.",      "*",
        "10",        "0010",
        "65535",     "65536",
        "-1",        "+1",
        "2001:db8",  "::",
        ":",         "ffff",
        " ",         " ",
        " ",         "\t",
        "\n",        "\"",
        "\"",        "\" ",
        "\\",        "\\065",
        "\\\"",      ";",
        "(",         ")",
        "\\#",       "\x7f",
        "\x01",      "\xc3\xa4",
        "=",         "a23456789a23456789a23456789a23456789a23456789a23456789a23456789abcd"};
    std::size_t plain_count = 0;
    for (const std::uint64_t seed : test::seeds(64)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        for (int i = 0; i < 2000; ++i) {
            std::string text;
            for (std::size_t pieces = random() % 9; pieces > 0; --pieces) {
                text += kPieces[random() % kPieces.size()];
            }
            for (const Type type : kPlainTypes) {
                expect_same(type, text);
                if (is_plain(type, text)) { ++plain_count; }
            }
        }
    }
    EXPECT_GT(plain_count, 10000U) << "or this compares nothing";
}

}  // namespace
}  // namespace meridian::dns
