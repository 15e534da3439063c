// Tests the words for types and response codes.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/types.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace meridian::dns {
namespace {

Type numbered(unsigned number) {
    return static_cast<Type>(number);
}

TEST(Types, MnemonicsAreReadInAnyCase) {
    EXPECT_EQ(type_from_text("AAAA"), Type::AAAA);
    EXPECT_EQ(type_from_text("aaaa"), Type::AAAA);
    EXPECT_EQ(type_from_text("HttpS"), Type::HTTPS);
    EXPECT_EQ(type_from_text("nsap-ptr"), numbered(23));
    EXPECT_EQ(type_from_text("any"), Type::ANY);
    EXPECT_EQ(type_from_text("AXFR"), Type::AXFR);
    EXPECT_EQ(type_from_text("dlv"), numbered(32769));
}

TEST(Types, GenericFormIsReadForEveryNumber) {
    EXPECT_EQ(type_from_text("TYPE0"), numbered(0));
    EXPECT_EQ(type_from_text("type1"), Type::A);
    EXPECT_EQ(type_from_text("TYPE65534"), numbered(65534));
    EXPECT_EQ(type_from_text("TYPE65535"), numbered(65535));
}

TEST(Types, WhatIsNoTypeIsRefused) {
    for (const char* text : {"", "A ", " A", "AA", "TYPE", "TYPE65536", "TYPE99999", "TYPE-1",
                             "TYPE+1", "TYPE1x", "TYPE 1", "TYPE000001", "TYP1", "*"}) {
        EXPECT_FALSE(type_from_text(text).has_value()) << '"' << text << '"';
    }
    EXPECT_FALSE(type_from_text(std::string_view("A\0", 2)).has_value());
}

TEST(Types, EveryNumberSurvivesTheWayToTextAndBack) {
    for (unsigned number = 0; number <= 0xffff; ++number) {
        const std::string text = type_to_text(numbered(number));
        ASSERT_EQ(type_from_text(text), numbered(number)) << text;
    }
}

TEST(Types, UnnamedTypesAreWrittenGenerically) {
    EXPECT_EQ(type_to_text(numbered(0)), "TYPE0");
    EXPECT_EQ(type_to_text(numbered(54)), "TYPE54");
    EXPECT_EQ(type_to_text(numbered(65534)), "TYPE65534");
    EXPECT_EQ(type_to_text(Type::CAA), "CAA");
}

TEST(Types, MetaTypesAreNoData) {
    for (const char* text : {"OPT", "TKEY", "TSIG", "IXFR", "AXFR", "MAILA", "MAILB", "ANY",
                             "TYPE0", "TYPE128", "TYPE200"}) {
        EXPECT_FALSE(is_data_type(*type_from_text(text))) << text;
    }
    for (const char* text : {"A", "AAAA", "HTTPS", "TYPE127", "URI", "CAA", "TYPE65534"}) {
        EXPECT_TRUE(is_data_type(*type_from_text(text))) << text;
    }
}

TEST(Types, ResponseCodesHaveWords) {
    EXPECT_EQ(rcode_to_text(Rcode::NoError), "NOERROR");
    EXPECT_EQ(rcode_to_text(Rcode::NXDomain), "NXDOMAIN");
    EXPECT_EQ(rcode_to_text(Rcode::BadVers), "BADVERS");
    EXPECT_EQ(rcode_to_text(static_cast<Rcode>(23)), "RCODE23");
}

}  // namespace
}  // namespace meridian::dns
