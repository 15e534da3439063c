// Tests that faults in an operator's RDATA are refused in words that help.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "dns/wire/rdata_print.h"
#include "meridian/dns/rdata.h"

namespace meridian::dns {
namespace {

struct Mistake {
    std::string_view type;
    std::string_view text;
    std::size_t column;
    std::string_view message;  ///< A part of it.
};

void expect_refused(std::span<const Mistake> mistakes) {
    const Name origin = *Name::parse_absolute("beigel.example.");
    for (const Mistake& mistake : mistakes) {
        SCOPED_TRACE(std::string(mistake.type) + " " + std::string(mistake.text));
        const auto type = type_from_text(mistake.type);
        ASSERT_TRUE(type);
        const auto rdata = parse_rdata(*type, mistake.text, origin);
        if (rdata) {
            ADD_FAILURE() << "read as " << print_hex(*rdata);
            continue;
        }
        EXPECT_EQ(rdata.error().column, mistake.column) << rdata.error().text;
        EXPECT_NE(rdata.error().text.find(mistake.message), std::string::npos)
            << rdata.error().text;
    }
}

TEST(RdataErrors, AnErrorSaysWhatWasWrongAndWhatWasExpected) {
    const auto rdata = parse_rdata(Type::MX, "70000 mail", Name());
    ASSERT_FALSE(rdata);
    EXPECT_EQ(rdata.error().code, "number-too-large");
    EXPECT_EQ(rdata.error().text, "preference 70000 is over 65535");
    EXPECT_EQ(rdata.error().hint, "expected PREFERENCE EXCHANGE, such as \"10 mail\"");
    EXPECT_EQ(rdata.error().column, 0u);
}

TEST(RdataErrors, TextThatCannotFitInARecordIsNotRead) {
    const std::string spaces(std::size_t{1} << 20, ' ');
    EXPECT_TRUE(parse_rdata(Type::HINFO, "a b" + spaces.substr(3), Name()));
    const auto rdata = parse_rdata(Type::HINFO, "a b" + spaces, Name());
    ASSERT_FALSE(rdata);
    EXPECT_EQ(rdata.error().text, "the text is over 1 MiB");
}

TEST(RdataErrors, NumbersThatLdnsWouldWrapAreRefused) {
    expect_refused({{
        {"MX", "70000 mail", 0, "preference 70000 is over 65535"},
        {"SRV", "-1 0 5060 sip1", 0, "priority \"-1\" is not a whole number"},
        {"SRV", "10 5 99999 sip1", 5, "port 99999 is over 65535"},
        {"TLSA", "300 1 1 aabb", 0, "usage 300 is over 255"},
        {"CAA", "256 issue \"x\"", 0, "flags 256 is over 255"},
        {"NSEC3PARAM", "1 0 65536 -", 4, "iterations 65536 is over 65535"},
        {"SOA", "a b 4294967296 1 1 1 1", 4, "serial 4294967296 is over 4294967295"},
        {"SOA", "a b 1 5000w 1 1 1", 6, "is over 2147483647 seconds"},
        {"SOA", "a b 1 1x 1 1 1", 6, "refresh \"1x\" is no time"},
        {"SOA", "a b 1 h 1 1 1", 6, "refresh \"h\" is no time"},
        {"L32", "70000 10.0.0.1", 0, "preference 70000 is over 65535"},
        {"URI", "10 70000 \"x\"", 3, "weight 70000 is over 65535"},
        {"WKS", "192.0.2.1 tcp 65536", 14, "port 65536 is over 65535"},
        {"WKS", "192.0.2.1 256 1", 10, "protocol 256 is over 255"},
        {"IPSECKEY", "10 4 2 x AQID", 3, "gateway-type 4 is over 3"},
        {"AMTRELAY", "10 2 0 .", 3, "discovery 2 is over 1"},
        {"HIP", "256 aa AQID", 0, "algorithm 256 is over 255"},
        {"APL", "1:1.2.3.4/33", 0, "prefix length 33 is over 32"},
    }});
}

TEST(RdataErrors, TypesThatAreNoDataAreRefused) {
    for (const char* type : {"ANY", "OPT", "AXFR", "IXFR", "TKEY", "TSIG", "MAILA", "TYPE0"}) {
        const auto rdata = parse_rdata(*type_from_text(type), "\\# 0", Name());
        ASSERT_FALSE(rdata) << type;
        EXPECT_EQ(rdata.error().text,
                  std::string(type) + " is no type of data; it only occurs in messages");
    }
}

TEST(RdataErrors, AddressesAreStrict) {
    expect_refused({{
        {"A", "192.0.2.256", 0, "is no IPv4 address"},
        {"A", "192.0.2.01", 0, "is no IPv4 address"},
        {"A", "192.0.2", 0, "is no IPv4 address"},
        {"A", "0xc0000201", 0, "is no IPv4 address"},
        {"A", "2001:db8::1", 0, "is an IPv6 address"},
        {"A", "192.0.2.1 192.0.2.2", 10, "nothing may stand behind address"},
        {"AAAA", "192.0.2.1", 0, "is an IPv4 address"},
        {"AAAA", "2001:db8::1%eth0", 0, "is no IPv6 address"},
        {"AAAA", "fe80::1::2", 0, "is no IPv6 address"},
        {"AAAA", "2001:db8::1/64", 0, "is no IPv6 address"},
        {"L32", "10 ::1", 3, "is an IPv6 address"},
    }});
}

TEST(RdataErrors, QuotesAndEscapesMustEnd) {
    expect_refused({{
        {"TXT", "\"unterminated", 0, "does not end"},
        {"TXT", "\"one\" \"two", 6, "does not end"},
        {"TXT", "\"x\\", 0, "does not end"},
        {"TXT", "\"x\\\"", 0, "does not end"},
        {"HINFO", "\"a\"b", 3, "a space is missing"},
        {"HINFO", "a\"b\"", 1, "a quote stands inside a word"},
        {"TXT", "a\"b", 1, "does not end"},
        {"TXT", "x\\", 1, "nothing follows the backslash"},
        {"TXT", "\"x\\25\"", 2, "three digits"},
        {"TXT", "\"x\\256\"", 2, "three digits"},
        {"TXT", "", 0, "text is missing"},
        {"TXT", "a ; comment", 2, "would begin a comment"},
        {"TXT", "\"a\nb\"", 2, "control character"},
        {"HTTPS", "1 . alpn=\"h2", 9, "does not end"},
        {"HTTPS", "1 n=\"h2\" port=443", 4, "a quote stands inside a word"},
        {"HTTPS", "1 . alpn=pn=\"h2\"", 12, "a quote stands inside a word"},
        {"MX", "10 (mail)", 3, "parentheses"},
        {"MX", "10 ma\x01il", 5, "control character"},
    }});
}

TEST(RdataErrors, DigitsThatMakeNoWholeOctetsAreRefused) {
    expect_refused({{
        {"TLSA", "3 1 0 aab", 6, "odd number of hexadecimal digits (3)"},
        {"TLSA", "3 1 0 aabg", 6, "is not hexadecimal"},
        {"TLSA", "3 1 1 aabb", 6, "association has 2 octets; its kind has 32"},
        {"TLSA", "DANE-XX 1 0 aa", 0, "usage \"DANE-XX\" is unknown"},
        {"DS", "60485 13 2 aabb", 11, "digest has 2 octets; its kind has 32"},
        {"DS", "60485 NOPE 2 aabb", 6, "algorithm \"NOPE\" is unknown"},
        {"SSHFP", "4 2 aabb", 4, "fingerprint has 2 octets; its kind has 32"},
        {"ZONEMD", "1 1 1 aabb", 6, "digest has 2 octets; its kind has 48"},
        {"NSEC3PARAM", "1 0 0 abc", 6, "odd number"},
        {"NSEC3", "1 0 0 - !!", 8, "is not base32hex"},
        {"NSEC3", "1 0 0 - a", 8, "is not base32hex"},
        {"DNSKEY", "257 3 13 AQI", 9, "is not base64"},
        {"DNSKEY", "257 3 13 AQ=D", 9, "is not base64"},
        {"DNSKEY", "257 3 13 ====", 9, "is not base64"},
        {"DHCID", "!!!!", 0, "is not base64"},
        {"EUI48", "00-00-5e-00-53", 0, "is malformed"},
        {"EUI48", "00-00-5e-00-53-2g", 0, "is malformed"},
        {"EUI64", "00-00-5e-00-53-2a", 0, "is malformed"},
        {"NID", "10 0:0:0", 3, "is malformed"},
        {"L64", "10 0:0:0:10000", 3, "is malformed"},
        {"NSAP", "47000580", 0, "is no NSAP address"},
        {"NSAP", "0x470", 0, "is no NSAP address"},
        {"ATMA", "4700", 0, "is no ATM address"},
        {"ATMA", "+1234567890123456", 0, "is no E.164 number"},
        {"X25", "31a", 0, "no digit"},
        {"GPOS", "181 0 0", 0, "longitude is over 180"},
        {"GPOS", "abc 0 0", 0, "is no decimal number"},
    }});
}

TEST(RdataErrors, PlacesOffTheGlobeAreRefused) {
    expect_refused({{
        {"LOC", "91 N 0 E 0", 0, "is not a number up to 90"},
        {"LOC", "90 0 0.001 N 0 E 0", 0, "latitude is over 90 degrees"},
        {"LOC", "0 60 N 0 E 0", 2, "is not a number up to 59"},
        {"LOC", "0 0 60 N 0 E 0", 4, "is not a number up to 59.999"},
        {"LOC", "0 0 0.1234 N 0 E 0", 4, "at most 3 decimals"},
        {"LOC", "0 N 180 0 1 E 0", 4, "longitude is over 180 degrees"},
        {"LOC", "0 N 0 E 42849672.96", 8, "is not a number up to 42849672.95"},
        {"LOC", "0 N 0 E -100000.01", 8, "is not a number up to 100000"},
        {"LOC", "0 N 0 E 0 90000000.01", 10, "is not a number up to 90000000"},
        {"LOC", "0 N 0 E 0 1 1 1 1", 16, "nothing may stand behind location"},
        {"LOC", "0 N 0 E", 7, "altitude is missing"},
        {"LOC", "0 0 0 0 N 0 E 0", 6, "needs N or S"},
        {"LOC", "0.5 N 0 E 0", 0, "is not a number up to 90"},
        {"LOC", "\\# 16 01121613800000008000000000989680", 6, "version is not 0"},
        {"LOC", "\\# 16 00a21613800000008000000000989680", 6, "mantissa"},
        {"LOC", "\\# 16 00121613ffffffff8000000000989680", 6, "latitude is over 90"},
    }});
}

TEST(RdataErrors, CaaIsReadUnquotedToo) {
    const auto value = [](std::string_view text) { return parse_rdata(Type::CAA, text, Name()); };
    EXPECT_EQ(*value("0 issue ca.example"), *value("0 issue \"ca.example\""));
    EXPECT_EQ(*value("0 issue ;"), *value("0 issue \";\""));
    EXPECT_EQ(*value("0 issue ca.example\\;a=b"), *value("0 issue \"ca.example;a=b\""));
    expect_refused({{
        {"CAA", "0 issue ca.example; x=y", 18, "would begin a comment"},
        {"CAA", "0 issue ca.example x=y", 19, "more than one word"},
        {"CAA", "0 is_sue \"x\"", 2, "must be letters and digits"},
        {"CAA", "0 \"\" \"x\"", 2, "must be letters and digits"},
        {"URI", "10 1 \"\"", 5, "missing"},
    }});
}

TEST(RdataErrors, GenericDataMustBeWellFormedForKnownTypes) {
    expect_refused({{
        {"A", "\\# 3 c00002", 5, "the data is no A: address is missing or cut short"},
        {"A", "\\# 5 c000020101", 5, "octets are left behind address"},
        {"A", "\\# 0", 4, "address is missing"},
        {"A", "\\# 4 c00002", 3, "the length says 4 octets and 3 follow"},
        {"A", "\\# 4 c000020", 5, "odd number"},
        {"MX", "\\# 4 000ac00c", 5, "exchange is missing or cut short"},
        {"MX", "\\# 2 000a", 5, "exchange is missing"},
        {"TXT", "\\# 2 0561", 5, "text is cut short"},
        {"CAA", "\\# 2 0000", 5, "tag must be letters and digits"},
        {"NSEC", "\\# 3 000000", 5, "are no type bitmap"},
        {"NSEC", "\\# 4 00000100", 5, "are no type bitmap"},
        {"NSEC", "\\# 7 00010140000140", 5, "windows that do not rise"},
        {"APL", "\\# 4 00010004", 5, "no address prefix"},
        {"APL", "\\# 5 0001080100", 5, "zero octet"},
        {"IPSECKEY", "\\# 3 0a0402", 5, "unknown type"},
        {"IPSECKEY", "\\# 4 0a0302c0", 5, "cut short"},
        {"HIP", "\\# 4 00020000", 5, "empty hit or key"},
        {"ATMA", "\\# 2 0001", 5, "neither 20 octets"},
        {"NULL", "foo", 0, "NULL has no text form here"},
        {"TYPE65534", "foo", 0, "TYPE65534 has no text form here"},
        {"TYPE65534", "\\# 65536 00", 3, "length 65536 is over 65535"},
        {"TYPE65534", "\\#", 2, "length is missing"},
        {"TYPE65534", "\\# 1 \"00\"", 5, "takes no quotes"},
    }});
    EXPECT_TRUE(parse_rdata(Type::A, "\\# 4 c0 00 02 01", Name()));
    EXPECT_TRUE(parse_rdata(Type::SVCB, "\\# 3 000000", Name()));
}

TEST(RdataErrors, TypesInListsAreTypesOfData) {
    expect_refused({{
        {"NSEC", "host A ANY", 7, "\"ANY\" is no type of data"},
        {"NSEC", "host FOO", 5, "\"FOO\" is no type of data"},
        {"CSYNC", "1 3 A TYPE65536", 6, "is no type of data"},
        {"RRSIG", "FOO 13 3 1h 1 1 1 @ AQID", 0, "is no RR type"},
        {"RRSIG", "A 13 3 1h 20261301000000 1 1 @ AQID", 10, "is no time between"},
        {"RRSIG", "A 13 3 1h 20260230000000 1 1 @ AQID", 10, "is no time between"},
        {"RRSIG", "A 13 3 1h 20261201240000 1 1 @ AQID", 10, "is no time between"},
        {"RRSIG", "A 13 3 1h 21071101000000 1 1 @ AQID", 10, "is no time between"},
    }});
}

TEST(RdataErrors, GatewaysAndPrefixesAreOfTheirKind) {
    expect_refused({{
        {"APL", "3:1.2.3.4/8", 0, "is no address prefix"},
        {"APL", "1:1.2.3.4", 0, "is no address prefix"},
        {"APL", "1:2001:db8::/8", 0, "is no address prefix"},
        {"APL", "1:1.2.3.4/8 x", 12, "is no address prefix"},
        {"APL", "/:", 0, "is no address prefix"},
        {"IPSECKEY", "10 0 2 x AQID", 7, "gateway of type 0 must be empty"},
        {"IPSECKEY", "10 1 2 2001:db8::1 AQID", 7, "is an IPv6 address"},
        {"AMTRELAY", "10 0 2 192.0.2.1", 7, "is an IPv4 address"},
        {"WKS", "192.0.2.1 foo 1", 10, "protocol \"foo\" is not a whole number"},
        {"HIP", "2 aab AQID", 2, "odd number"},
    }});
}

}  // namespace
}  // namespace meridian::dns
