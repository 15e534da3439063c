// Tests how records become images.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/image.h"

#include <gtest/gtest.h>

#include <string_view>

#include "tests/dns/packet.h"

namespace meridian::dns {
namespace {

Name named(std::string_view text) {
    return Name::parse_absolute(text).value();
}

Bytes wire(std::string_view text) {
    const Name name = named(text);
    return {name.wire().begin(), name.wire().end()};
}

const Name kApex = named("example.test");
const Bytes kPointer{0xc0, 0x0c};

TEST(Image, AddressesHaveAStride) {
    const RecordSet set{Type::A, 60, {{192, 0, 2, 1}, {192, 0, 2, 2}}};
    const ImageBuffer image = make_image(set, kApex).value();
    EXPECT_EQ(image.octets, (Bytes{0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1,
                                   0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 2}));
    EXPECT_EQ(image.record_count, 2);
    EXPECT_EQ(image.stride_octets, 16);
    EXPECT_TRUE(image.apex_pointers.empty());
    const Image view = image.view();
    EXPECT_EQ(view.octets.data(), image.octets.data());
    EXPECT_EQ(view.record_count, 2);
    EXPECT_EQ(view.stride_octets, 16);
}

TEST(Image, KeepsAllBitsOfTheTtl) {
    const ImageBuffer image = make_image({Type::A, 0x7fffffff, {{1, 2, 3, 4}}}, kApex).value();
    EXPECT_EQ(image.octets, record(kPointer, Type::A, {1, 2, 3, 4}, 0x7fffffff));
}

TEST(Image, RecordsOfDifferentLengthHaveNoStride) {
    const ImageBuffer image = make_image({Type::TXT, 60, {{1, 'a'}, {2, 'b', 'c'}}}, kApex).value();
    EXPECT_EQ(image.stride_octets, 0);
    EXPECT_EQ(image.record_count, 2);
}

TEST(Image, AnEmptySetIsAnEmptyImage) {
    const ImageBuffer image = make_image({Type::A, 60, {}}, kApex).value();
    EXPECT_TRUE(image.octets.empty());
    EXPECT_EQ(image.record_count, 0);
    EXPECT_EQ(image.stride_octets, 0);
}

TEST(Image, NamesBelowTheApexEndInAPointerToIt) {
    for (const Type type : {Type::NS, Type::CNAME, Type::PTR}) {
        const ImageBuffer image =
            make_image({type, 60, {wire("ns1.EXAMPLE.test"), wire("ns2.example.test")}}, kApex)
                .value();
        const Bytes first = record(kPointer, type, Bytes{3, 'n', 's', '1'} + kPointer);
        EXPECT_EQ(image.octets, first + record(kPointer, type, Bytes{3, 'n', 's', '2'} + kPointer));
        EXPECT_EQ(image.apex_pointers, (std::vector<std::uint16_t>{16, 34}));
        EXPECT_EQ(image.stride_octets, 0);  // turning it round would misplace the pointers
    }
}

TEST(Image, TheApexItselfIsAPointer) {
    const ImageBuffer image =
        make_image({Type::MX, 60, {Bytes{0, 10} + wire("example.test")}}, kApex).value();
    EXPECT_EQ(image.octets, record(kPointer, Type::MX, Bytes{0, 10} + kPointer));
    EXPECT_EQ(image.apex_pointers, (std::vector<std::uint16_t>{14}));
}

TEST(Image, BothNamesOfSoaAreCompressed) {
    const Bytes numbers(20, 7);
    const ImageBuffer image =
        make_image({Type::SOA, 60, {wire("ns1.example.test") + wire("h.example.test") + numbers}},
                   kApex)
            .value();
    EXPECT_EQ(image.octets,
              record(kPointer, Type::SOA,
                     Bytes{3, 'n', 's', '1'} + kPointer + Bytes{1, 'h'} + kPointer + numbers));
    EXPECT_EQ(image.apex_pointers, (std::vector<std::uint16_t>{16, 20}));
}

TEST(Image, NamesElsewhereAreWrittenWhole) {
    for (std::string_view outside : {"other.test", "xexample.test", "test", "."}) {
        const ImageBuffer image = make_image({Type::NS, 60, {wire(outside)}}, kApex).value();
        EXPECT_EQ(image.octets, record(kPointer, Type::NS, wire(outside))) << outside;
        EXPECT_TRUE(image.apex_pointers.empty()) << outside;
    }
}

TEST(Image, NothingIsCompressedAgainstTheRoot) {
    const ImageBuffer image = make_image({Type::NS, 60, {wire("a.nic.test")}}, Name()).value();
    EXPECT_EQ(image.octets, record(kPointer, Type::NS, wire("a.nic.test")));
    EXPECT_TRUE(image.apex_pointers.empty());
}

TEST(Image, NamesOfNewerTypesStayWhole) {  // RFC 3597 §4
    const Bytes srv = Bytes{0, 1, 0, 2, 0, 80} + wire("www.example.test");
    EXPECT_EQ(make_image({Type::SRV, 60, {srv}}, kApex)->octets, record(kPointer, Type::SRV, srv));
    const Bytes dname = wire("www.example.test");
    EXPECT_EQ(make_image({Type::DNAME, 60, {dname}}, kApex)->octets,
              record(kPointer, Type::DNAME, dname));
}

TEST(Image, RdataThatIsNoNameIsCopiedAsItIs) {
    for (const Bytes& odd : {Bytes{}, Bytes{5}, Bytes{0, 10, 64}, Bytes(300, 1)}) {
        for (const Type type : {Type::NS, Type::MX, Type::SOA}) {
            EXPECT_EQ(make_image({type, 60, {odd}}, kApex)->octets, record(kPointer, type, odd));
        }
    }
}

TEST(Image, HoldsUpTo65535Octets) {
    EXPECT_TRUE(make_image({Type::TXT, 60, {Bytes(65535 - 12, 0)}}, kApex).ok());
    EXPECT_FALSE(make_image({Type::TXT, 60, {Bytes(65535 - 11, 0)}}, kApex).ok());
    EXPECT_FALSE(make_image({Type::TXT, 60, {Bytes(65535, 0)}}, kApex).ok());
    EXPECT_FALSE(make_image({Type::TXT, 60, std::vector<Rdata>(4096, Bytes(4, 0))}, kApex).ok());
    const ImageBuffer longest = make_image({Type::TXT, 60, {Bytes(65535 - 12, 0)}}, kApex).value();
    EXPECT_TRUE(make_owned_image(kApex, longest.view(), kApex).ok());
    EXPECT_FALSE(make_owned_image(named("a.test"), longest.view(), kApex).ok());
}

TEST(Image, GlueBringsItsOwner) {
    const RecordSet set{Type::A, 60, {{192, 0, 2, 1}, {192, 0, 2, 2}}};
    const ImageBuffer image = make_image(set, kApex).value();
    const Name below_apex = named("ns.sub.example.test");
    const ImageBuffer below = make_owned_image(below_apex, image.view(), kApex).value();
    const Bytes owner = bytes_of("\x02ns\x03sub") + kPointer;
    EXPECT_EQ(below.octets,
              record(owner, Type::A, {192, 0, 2, 1}) + record(owner, Type::A, {192, 0, 2, 2}));
    EXPECT_EQ(below.apex_pointers, (std::vector<std::uint16_t>{7, 30}));
    EXPECT_EQ(below.stride_octets, 0);
    EXPECT_EQ(below.record_count, 2);

    const ImageBuffer outside =
        make_owned_image(named("ns.other.test"), image.view(), kApex).value();
    EXPECT_EQ(outside.octets, record(wire("ns.other.test"), Type::A, {192, 0, 2, 1}) +
                                  record(wire("ns.other.test"), Type::A, {192, 0, 2, 2}));
    EXPECT_TRUE(outside.apex_pointers.empty());
}

}  // namespace
}  // namespace meridian::dns
