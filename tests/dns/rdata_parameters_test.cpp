// Tests the SvcParams of SVCB and HTTPS against RFC 9460.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "dns/wire/rdata_print.h"
#include "meridian/dns/rdata.h"

namespace meridian::dns {
namespace {

Result<Rdata, RdataError> parse(std::string_view text) {
    return parse_rdata(Type::SVCB, text, Name());
}

void expect_refused(std::string_view text, std::size_t column, std::string_view message) {
    const auto rdata = parse(text);
    ASSERT_FALSE(rdata) << text << " read as " << print_hex(*rdata);
    EXPECT_EQ(rdata.error().column, column) << text << ": " << rdata.error().text;
    EXPECT_NE(rdata.error().text.find(message), std::string::npos) << rdata.error().text;
    EXPECT_FALSE(rdata.error().hint.empty()) << text;
}

// The test vectors of RFC 9460 appendix D, which its authors worked out.
TEST(ServiceParameters, MatchTheVectorsOfTheRfc) {
    const auto wire = [](std::string_view text) {
        const auto rdata = parse(text);
        return rdata ? print_hex(*rdata) : rdata.error().text;
    };
    EXPECT_EQ(wire("0 foo.example.com."), "000003666f6f076578616d706c6503636f6d00");
    EXPECT_EQ(wire("1 ."), "000100");
    EXPECT_EQ(wire("16 foo.example.com. port=53"),
              "001003666f6f076578616d706c6503636f6d00000300020035");
    EXPECT_EQ(wire("1 foo.example.com. key667=hello"),
              "000103666f6f076578616d706c6503636f6d00029b000568656c6c6f");
    EXPECT_EQ(wire("1 foo.example.com. key667=\"hello\\210qoo\""),
              "000103666f6f076578616d706c6503636f6d00029b000968656c6c6fd2716f6f");
    EXPECT_EQ(wire("1 foo.example.com. ipv6hint=\"2001:db8::1,2001:db8::53:1\""),
              "000103666f6f076578616d706c6503636f6d0000060020"
              "20010db800000000000000000000000120010db8000000000000000000530001");
    const std::string sorted =
        "001003666f6f076578616d706c65036f7267000000000400010004"
        "000100090268320568332d313900040004c0000201";
    EXPECT_EQ(wire("16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1"),
              sorted);
    const std::string escaped =
        "001003666f6f076578616d706c65036f7267000001000c08665c6f6f2c626172026832";
    EXPECT_EQ(wire(R"(16 foo.example.org. alpn="f\\\\oo\\,bar,h2")"), escaped);
    EXPECT_EQ(wire(R"(16 foo.example.org. alpn=f\\\092oo\092,bar,h2)"), escaped);
}

TEST(ServiceParameters, AreRefusedAsTheVectorsOfTheRfcSay) {
    expect_refused("1 foo.example.com. key123=abc key123=def", 30, "key123 is given twice");
    expect_refused("1 foo.example.com. mandatory", 19, "mandatory needs a value");
    expect_refused("1 foo.example.com. alpn", 19, "alpn needs a value");
    expect_refused("1 foo.example.com. port", 19, "port needs a value");
    expect_refused("1 foo.example.com. ipv4hint", 19, "ipv4hint needs a value");
    expect_refused("1 foo.example.com. ipv6hint", 19, "ipv6hint needs a value");
    expect_refused("1 foo.example.com. no-default-alpn=abc", 35, "no-default-alpn takes no value");
    expect_refused("1 foo.example.com. mandatory=key123", 19, "lists key123, which is not given");
    expect_refused("1 foo.example.com. mandatory=mandatory", 19, "must not list itself");
    expect_refused("1 foo.example.com. mandatory=key123,key123 key123=abc", 29, "twice");
}

TEST(ServiceParameters, AreEachCheckedByTheirKind) {
    expect_refused("1 . alpn=h2 alpn=h3", 12, "alpn is given twice");
    expect_refused("1 . alpn=h2 key1=h3", 12, "key1 is given twice");
    expect_refused("1 . alpn=", 9, "empty item");
    expect_refused("1 . alpn=\"\"", 10, "empty item");
    expect_refused("1 . alpn=h2,,h3", 9, "empty item");
    expect_refused("1 . alpn=" + std::string(256, 'x'), 9, "longer than 255");
    expect_refused("1 . port=65536", 9, "port 65536 is over 65535");
    expect_refused("1 . port=-1", 9, "is not a whole number");
    expect_refused("1 . port=", 9, "is not a whole number");
    expect_refused("1 . ipv4hint=2001:db8::1", 13, "is no IPv4 address");
    expect_refused("1 . ipv4hint=192.0.2.1,", 13, "empty item");
    expect_refused("1 . ipv6hint=192.0.2.1", 13, "is no IPv6 address");
    expect_refused("1 . ech=AQI", 8, "is not base64");
    expect_refused("1 . no-default-alpn", 4, "needs alpn beside it");
    expect_refused("1 . dohpath=/dns-query", 4, "{?dns}");
    expect_refused("1 . key65535=x", 4, "no parameter is called");
    expect_refused("1 . key01=x", 4, "no parameter is called");
    expect_refused("1 . foo=x", 4, "no parameter is called \"foo\"");
    expect_refused("1 . ALPN=h2", 4, "no parameter is called");
    expect_refused("1 . =x", 4, "no parameter is called");
    expect_refused("1 . \"alpn=h2\"", 4, "takes no quotes");
    expect_refused("1", 1, "target is missing");
}

TEST(ServiceParameters, BesidePriorityZeroAreKeptWithAWarning) {
    for (const std::string_view text :
         {"0 svc alpn=h2", "0 . port=53", "\\# 9 000000 0003 0002 0035"}) {
        RdataWarnings warnings;
        const auto rdata = parse_rdata(Type::HTTPS, text, Name(), warnings);
        ASSERT_TRUE(rdata) << text;
        ASSERT_EQ(warnings.size(), 1U) << text;
        EXPECT_EQ(warnings[0].code, "alias-parameters");
        EXPECT_EQ(*parse_rdata(Type::HTTPS, rdata_to_text(Type::HTTPS, *rdata), Name()), *rdata);
    }
    for (const std::string_view text : {"0 svc", "1 svc alpn=h2", "\\# 3 000000"}) {
        RdataWarnings warnings;
        EXPECT_TRUE(parse_rdata(Type::SVCB, text, Name(), warnings)) << text;
        EXPECT_TRUE(warnings.empty()) << text;
    }
}

TEST(ServiceParameters, AreCheckedInWireFormToo) {
    expect_refused("\\# 4 00010000", 5, "cut short");
    expect_refused("\\# 7 00010000030001", 5, "cut short");
    expect_refused("\\# 8 0001000003000101", 5, "port is not two octets");
    expect_refused("\\# 7 00010000010000", 5, "empty or cut");
    expect_refused("\\# 9 000100000100020268", 5, "empty or cut");
    expect_refused("\\# 15 000100000300020035000300020035", 6, "rising order");
    expect_refused("\\# 9 000100000000020000", 5, "must not list itself");
    expect_refused("\\# 7 00010000040000", 5, "bad length");
    expect_refused("\\# 7 000100ffff0000", 5, "reserved");
}

TEST(ServiceParameters, OfUnknownKeysKeepTheirOctets) {
    const auto rdata = parse("1 . key65534=\\000\\255\" key9");
    EXPECT_FALSE(rdata);
    const auto quoted = parse("1 . key65534=\"\\000 \\255\" key9");
    ASSERT_TRUE(quoted);
    EXPECT_EQ(print_hex(*quoted), "00010000090000fffe00030020ff");
    EXPECT_EQ(rdata_to_text(Type::SVCB, *quoted), "1 . key9 key65534=\"\\000 \\255\"");
}

}  // namespace
}  // namespace meridian::dns
