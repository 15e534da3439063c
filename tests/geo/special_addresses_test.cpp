// Checks which addresses stand for another one, and which for no place.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/special_addresses.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "geo/address_range.h"

namespace meridian::geo {
namespace {

std::string embedded_in(const char* text, std::uint8_t known_bits) {
    const auto found = embedded_v4(*IpAddress::parse(text), known_bits);
    return found ? found->address.to_string() + " behind " + std::to_string(found->front_bits)
                 : "none";
}

bool is_placeless(const char* text) {
    const IpAddress address = *IpAddress::parse(text);
    return std::ranges::any_of(placeless_blocks(address.family()),
                               [&](const IpPrefix& block) { return block.contains(address); });
}

TEST(EmbeddedV4, IsFoundInEachFormThatHasOne) {
    EXPECT_EQ(embedded_in("::ffff:192.0.2.33", 128), "192.0.2.33 behind 96");
    EXPECT_EQ(embedded_in("64:ff9b::c000:221", 128), "192.0.2.33 behind 96");  // RFC 6052 §2.4
    EXPECT_EQ(embedded_in("2002:c000:204::1", 128), "192.0.2.4 behind 16");    // RFC 3056 §2
    EXPECT_EQ(embedded_in("2001:0:4136:e378:8000:63bf:3fff:fdd2", 128),        // RFC 4380 §5.2.3
              "192.0.2.45 behind 96");
}

TEST(EmbeddedV4, CountsOnlyWhenAllItsBitsAreKnown) {
    EXPECT_EQ(embedded_in("2002:c000:204::", 48), "192.0.2.4 behind 16");
    EXPECT_EQ(embedded_in("2002:c000:204::", 47), "none");
    EXPECT_EQ(embedded_in("64:ff9b::", 56), "none");
    EXPECT_EQ(embedded_in("64:ff9b::c000:220", 127), "none");
    EXPECT_EQ(embedded_in("::ffff:192.0.2.0", 120), "none");
}

TEST(EmbeddedV4, IsNotFoundElsewhere) {
    EXPECT_EQ(embedded_in("192.0.2.33", 32), "none");
    EXPECT_EQ(embedded_in("2001:db8::c000:221", 128), "none");
    EXPECT_EQ(embedded_in("64:ff9b:1::c000:221", 128), "none");  // local use, RFC 8215
    EXPECT_EQ(embedded_in("::192.0.2.33", 128), "none");         // deprecated, RFC 4291 §2.5.5.1
    EXPECT_EQ(embedded_in("2003:c000:204::1", 128), "none");
}

TEST(PlacelessBlocks, HoldWhatTellsNothingOfAPlace) {
    for (const char* const text :
         {"0.0.0.1",        "10.1.2.3",        "100.64.0.1",  "127.0.0.1",  "169.254.9.9",
          "172.31.255.255", "192.0.0.8",       "192.168.1.1", "198.19.0.1", "224.0.0.251",
          "240.0.0.1",      "255.255.255.255", "::",          "::1",        "::192.0.2.1",
          "64:ff9b:1::1",   "100::1",          "1fff::",      "2001:2::1",  "4000::1",
          "5f00::1",        "dfff::1",         "fbff::1",     "fc00::1",    "fdff::1",
          "fe80::1",        "fec0::1",         "ff02::fb"}) {
        EXPECT_TRUE(is_placeless(text)) << text;
    }
}

TEST(PlacelessBlocks, LeaveOutWhatIsReachableAndDocumentation) {
    for (const char* const text :
         {"1.1.1.1",           "9.255.255.255",    "11.0.0.0",    "100.63.255.255",
          "100.128.0.0",       "172.15.0.1",       "172.32.0.0",  "192.0.1.0",
          "192.0.2.1",         "198.51.100.1",     "203.0.113.1", "198.17.255.255",
          "198.20.0.0",        "223.255.255.255",  "2001:db8::1", "2001:4860::1",
          "2400::1",           "2a00::1",          "3fff::1",     "::ffff:192.0.2.1",
          "64:ff9b::c000:201", "2002:c000:204::1", "2001::1"}) {
        EXPECT_FALSE(is_placeless(text)) << text;
    }
}

TEST(PlacelessBlocks, StandInOrderApartFromEachOtherAndFromEmbeddingBlocks) {
    for (const Family family : {Family::V4, Family::V6}) {
        std::vector<IpPrefix> blocks(placeless_blocks(family).begin(),
                                     placeless_blocks(family).end());
        EXPECT_TRUE(std::ranges::is_sorted(blocks));
        if (family == Family::V6) {
            EXPECT_TRUE(std::ranges::is_sorted(embedding_blocks()));
            blocks.insert(blocks.end(), embedding_blocks().begin(), embedding_blocks().end());
            std::ranges::sort(blocks);
        }
        for (std::size_t i = 0; i + 1 < blocks.size(); ++i) {
            EXPECT_LT(last_of(blocks[i]), bits_of(blocks[i + 1].address))
                << blocks[i].to_string() << " " << blocks[i + 1].to_string();
        }
    }
}

TEST(PlacelessBlocks, CoverAllOfIpv6ButTheGlobalUnicastSpaceAndEmbeddedIpv4) {
    AddressBits covered = 0;
    for (const IpPrefix& block : placeless_blocks(Family::V6)) {
        const bool is_global = (block.address.high() >> 61) == 1;
        if (!is_global) { covered += span_of(block.bits) + 1; }
    }
    const AddressBits embedding = 2 * (span_of(96) + 1);  // mapped and NAT64
    EXPECT_EQ(covered, AddressBits{0} - (span_of(3) + 1) - embedding);
}

}  // namespace
}  // namespace meridian::geo
