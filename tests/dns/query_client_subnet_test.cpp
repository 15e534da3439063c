// Tests how client subnets are read, to every length and every fault (RFC 7871 §6).
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>

#include "meridian/ip_prefix.h"
#include "tests/dns/checked_query.h"
#include "tests/dns/packet.h"

namespace meridian::dns {
namespace {

TEST(QueryClientSubnet, ReadsClientSubnets) {
    struct Case {
        Bytes option;
        const char* prefix;
    };
    const Bytes whole6{0x20, 1, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    const std::array cases{
        Case{client_subnet(1, 24, 0, {198, 51, 100}), "198.51.100.0/24"},
        Case{client_subnet(1, 32, 0, {198, 51, 100, 7}), "198.51.100.7/32"},
        Case{client_subnet(1, 0, 0, {}), "0.0.0.0/0"},
        Case{client_subnet(1, 1, 0, {0x80}), "128.0.0.0/1"},
        Case{client_subnet(1, 9, 0, {10, 0x80}), "10.128.0.0/9"},
        Case{client_subnet(2, 0, 0, {}), "::/0"},
        Case{client_subnet(2, 48, 0, {0x20, 1, 0x0d, 0xb8, 0, 1}), "2001:db8:1::/48"},
        Case{client_subnet(2, 65, 0, {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0x80}),
             "2001:db8:0:0:8000::/65"},
        Case{client_subnet(2, 128, 0, whole6), "2001:db8:102:304:506:708:90a:b0c/128"},
    };
    for (const Case& expected : cases) {
        const Query query = read_checked(edns_query("example.", {.options = expected.option}));
        ASSERT_EQ(query.error, Rcode::NoError) << expected.prefix;
        ASSERT_TRUE(query.edns.client_subnet.present) << expected.prefix;
        const IpPrefix prefix{query.edns.client_subnet.address,
                              query.edns.client_subnet.source_bits};
        EXPECT_EQ(prefix, IpPrefix::parse(expected.prefix)) << expected.prefix;
    }
}

TEST(QueryClientSubnet, ReadsEverySourceLength) {
    for (const Family family : {Family::V4, Family::V6}) {
        for (unsigned bits = 0; bits <= 255; ++bits) {
            Bytes address((bits + 7) / 8, 0xff);
            if (bits % 8 != 0) {
                address.back() = static_cast<std::uint8_t>(0xff << (8 - bits % 8));
            }
            const std::uint16_t number = family == Family::V4 ? 1 : 2;
            const auto source = static_cast<std::uint8_t>(bits);
            const auto error_with = [&](const Bytes& sent) {
                return read_checked(edns_query("example.",
                                               {.options = client_subnet(number, source, 0, sent)}))
                    .error;
            };
            const bool is_valid = bits <= width_bits(family);
            EXPECT_EQ(error_with(address), is_valid ? Rcode::NoError : Rcode::FormErr) << bits;
            EXPECT_EQ(error_with(address + Bytes{0}), Rcode::FormErr) << bits;
            if (bits == 0) { continue; }
            EXPECT_EQ(error_with(Bytes(address.begin(), address.end() - 1)), Rcode::FormErr)
                << bits;
            if (bits % 8 == 0) { continue; }
            address.back() |= 1;
            EXPECT_EQ(error_with(address), Rcode::FormErr) << bits;
        }
    }
}

TEST(QueryClientSubnet, RefusesMalformedClientSubnetsButKeepsOpt) {
    struct Case {
        const char* what;
        Bytes option;
    };
    const std::array cases{
        Case{"no data", option(8, {})},
        Case{"one octet", option(8, {0})},
        Case{"three octets", option(8, {0, 1, 0})},
        Case{"family 0, SOURCE 0", client_subnet(0, 0, 0, {})},
        Case{"family 3", client_subnet(3, 0, 0, {})},
        Case{"family 256", client_subnet(256, 0, 0, {})},
        Case{"SCOPE", client_subnet(1, 24, 24, {198, 51, 100})},
        Case{"SOURCE 33", client_subnet(1, 33, 0, {198, 51, 100, 1, 0x80})},
        Case{"SOURCE 129", client_subnet(2, 129, 0, Bytes(17, 0))},
        Case{"too few octets", client_subnet(1, 24, 0, {198, 51})},
        Case{"too many octets", client_subnet(1, 24, 0, {198, 51, 100, 0})},
        Case{"bits beyond SOURCE", client_subnet(1, 23, 0, {198, 51, 101})},
    };
    for (const Case& bad : cases) {
        const Query query =
            read_checked(edns_query("example.", {.flags = 0x8000, .options = bad.option}));
        EXPECT_EQ(query.error, Rcode::FormErr) << bad.what;
        EXPECT_TRUE(query.has_question) << bad.what;
        EXPECT_TRUE(query.edns.present) << bad.what;  // RFC 6891 §7
        EXPECT_TRUE(query.edns.dnssec_ok) << bad.what;
        EXPECT_FALSE(query.edns.client_subnet.present) << bad.what;
    }
}

TEST(QueryClientSubnet, OnlyTheFirstClientSubnetCounts) {
    const Bytes first = client_subnet(1, 24, 0, {198, 51, 100});
    for (const Bytes& second :
         {client_subnet(1, 24, 0, {192, 0, 2}), client_subnet(9, 9, 9, {9})}) {
        const Query query = read_checked(edns_query("example.", {.options = first + second}));
        EXPECT_EQ(query.error, Rcode::NoError);
        EXPECT_EQ(query.edns.client_subnet.address, IpAddress::parse("198.51.100.0"));
    }
}

}  // namespace
}  // namespace meridian::dns
