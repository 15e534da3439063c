// Tests how records become images.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/image.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/dns/packet.h"

namespace meridian::dns {
namespace {

const Bytes kSuffix = wire("example.test");
const Bytes kRoot = wire(".");
const Bytes kQname{0xc0, 0x0c};

/// The octets of an image at the place of a pointer.
Bytes pointer(NamePointer place) {
    return {static_cast<std::uint8_t>(place.value() >> 8),
            static_cast<std::uint8_t>(place.value())};
}

/// The place of the last so many octets of the owner.
Bytes suffix(std::size_t octets) {
    return pointer(NamePointer::suffix(octets));
}

Bytes inside(std::size_t offset) {
    return pointer(NamePointer::inside(offset));
}

TEST(Image, AddressesHaveAStride) {
    const RecordSet set{Type::A, 60, {{192, 0, 2, 1}, {192, 0, 2, 2}}};
    const ImageBuffer image = make_image(set, kSuffix).value();
    EXPECT_EQ(image.octets, (Bytes{0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1,
                                   0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 2}));
    EXPECT_EQ(image.record_count, 2);
    EXPECT_EQ(image.stride_octets, 16);
    EXPECT_TRUE(image.pointers.empty());
    const Image view = image.view();
    EXPECT_EQ(view.octets.data(), image.octets.data());
    EXPECT_EQ(view.record_count, 2);
    EXPECT_EQ(view.stride_octets, 16);
}

TEST(Image, KeepsAllBitsOfTheTtl) {
    const ImageBuffer image = make_image({Type::A, 0x7fffffff, {{1, 2, 3, 4}}}, kSuffix).value();
    EXPECT_EQ(image.octets, record(kQname, Type::A, {1, 2, 3, 4}, 0x7fffffff));
}

TEST(Image, RecordsOfDifferentLengthHaveNoStride) {
    const ImageBuffer image =
        make_image({Type::TXT, 60, {{1, 'a'}, {2, 'b', 'c'}}}, kSuffix).value();
    EXPECT_EQ(image.stride_octets, 0);
    EXPECT_EQ(image.record_count, 2);
}

TEST(Image, AnEmptySetIsAnEmptyImage) {
    const ImageBuffer image = make_image({Type::A, 60, {}}, kSuffix).value();
    EXPECT_TRUE(image.octets.empty());
    EXPECT_EQ(image.record_count, 0);
    EXPECT_EQ(image.stride_octets, 0);
}

TEST(Image, NamesBelowTheSuffixEndInAPointerToIt) {
    for (const Type type : {Type::NS, Type::CNAME, Type::PTR}) {
        const ImageBuffer image =
            make_image({type, 60, {wire("ns1.EXAMPLE.test"), wire("ns2.example.test")}}, kSuffix)
                .value();
        EXPECT_EQ(image.octets, record(kQname, type, label("ns1") + suffix(14)) +
                                    record(kQname, type, label("ns2") + suffix(14)));
        EXPECT_EQ(image.pointers, (std::vector<std::uint16_t>{16, 34}));
        EXPECT_EQ(image.stride_octets, 0);  // turning it round would misplace the pointers
    }
}

TEST(Image, TheSuffixItselfIsAPointer) {
    const ImageBuffer image =
        make_image({Type::MX, 60, {Bytes{0, 10} + wire("example.test")}}, kSuffix).value();
    EXPECT_EQ(image.octets, record(kQname, Type::MX, Bytes{0, 10} + suffix(14)));
    EXPECT_EQ(image.pointers, (std::vector<std::uint16_t>{14}));
}

TEST(Image, NamesThatShareSomeLabelsOfTheSuffixPointToThose) {
    for (std::string_view front : {"other", "xexample", "www.other"}) {
        const Name name = named(std::string(front) + ".TEST");
        const Bytes own(name.wire().begin(), name.wire().end() - 6);
        EXPECT_EQ(make_image({Type::NS, 60, {wire(name.to_text())}}, kSuffix)->octets,
                  record(kQname, Type::NS, own + suffix(6)))
            << front;
    }
    EXPECT_EQ(make_image({Type::NS, 60, {wire("test")}}, kSuffix)->octets,
              record(kQname, Type::NS, suffix(6)));
}

TEST(Image, BothNamesOfSoaAreCompressed) {
    const Bytes numbers(20, 7);
    const ImageBuffer image =
        make_image({Type::SOA, 60, {wire("ns1.example.test") + wire("h.example.test") + numbers}},
                   kSuffix)
            .value();
    EXPECT_EQ(image.octets, record(kQname, Type::SOA,
                                   label("ns1") + suffix(14) + label("h") + suffix(14) + numbers));
    EXPECT_EQ(image.pointers, (std::vector<std::uint16_t>{16, 20}));
}

TEST(Image, LaterNamesPointIntoEarlierOnes) {
    const ImageBuffer image =
        make_image({Type::NS,
                    60,
                    {wire("a.dns.net"), wire("b.DNS.net"), wire("dns.net"), wire("x.b.dns.net"),
                     wire("A.dns.net"), wire("c.net"), wire("y.x.b.dns.net"), wire("org")}},
                   kSuffix)
            .value();
    // The records begin at 0, 23, 39, 53, 69, 83, 99 and 115.
    EXPECT_EQ(image.octets, record(kQname, Type::NS, wire("a.dns.net")) +
                                record(kQname, Type::NS, label("b") + inside(14)) +
                                record(kQname, Type::NS, inside(14)) +
                                record(kQname, Type::NS, label("x") + inside(35)) +
                                record(kQname, Type::NS, inside(12)) +
                                record(kQname, Type::NS, label("c") + inside(18)) +
                                record(kQname, Type::NS, label("y") + inside(65)) +
                                record(kQname, Type::NS, wire("org")));
    EXPECT_EQ(image.pointers, (std::vector<std::uint16_t>{37, 51, 67, 81, 97, 113}));
}

TEST(Image, TheLongerOfTwoPlacesIsPointedTo) {
    const ImageBuffer image =
        make_image({Type::NS, 60, {wire("a.dns.example.test"), wire("b.dns.example.test")}},
                   kSuffix)
            .value();
    EXPECT_EQ(image.octets, record(kQname, Type::NS, label("a") + label("dns") + suffix(14)) +
                                record(kQname, Type::NS, label("b") + inside(14)));
}

TEST(Image, NamesElsewhereAreWrittenWhole) {
    for (std::string_view outside : {"other.example", "testing", "."}) {
        const ImageBuffer image = make_image({Type::NS, 60, {wire(outside)}}, kSuffix).value();
        EXPECT_EQ(image.octets, record(kQname, Type::NS, wire(outside))) << outside;
        EXPECT_TRUE(image.pointers.empty()) << outside;
    }
}

TEST(Image, NothingIsCompressedAgainstTheRoot) {
    const ImageBuffer image = make_image({Type::NS, 60, {wire("a.nic.test")}}, kRoot).value();
    EXPECT_EQ(image.octets, record(kQname, Type::NS, wire("a.nic.test")));
    EXPECT_TRUE(image.pointers.empty());
}

TEST(Image, TheRootAsOwnerIsShorterThanAPointer) {
    const Bytes root{0};
    const ImageBuffer image =
        make_image({Type::NS, 60, {wire("a.net"), wire("b.net")}}, kRoot, ImageOwner::Root).value();
    EXPECT_EQ(image.octets, record(root, Type::NS, wire("a.net")) +
                                record(root, Type::NS, label("b") + inside(13)));
    EXPECT_EQ(image.pointers, (std::vector<std::uint16_t>{31}));
    EXPECT_EQ(target_pointers(image.view(), Type::NS),
              (std::vector<NamePointer>{NamePointer::inside(11), NamePointer::inside(29)}));
    const RecordSet addresses{Type::A, 60, {{192, 0, 2, 1}, {192, 0, 2, 2}}};
    const ImageBuffer two = make_image(addresses, kRoot, ImageOwner::Root).value();
    EXPECT_EQ(two.octets,
              record(root, Type::A, {192, 0, 2, 1}) + record(root, Type::A, {192, 0, 2, 2}));
    EXPECT_EQ(two.stride_octets, 15);
    EXPECT_EQ(make_owned_image(named("ns.test"), two.view())->octets,
              record(wire("ns.test"), Type::A, {192, 0, 2, 1}) +
                  record(wire("ns.test"), Type::A, {192, 0, 2, 2}));
}

TEST(Image, PointsToNothingThatSomeMessageHasTooFarBehind) {
    RecordSet set{Type::PTR, 60, {}};
    for (unsigned i = 0; i < 1000; ++i) {
        set.records.push_back(wire("host" + std::to_string(i) + ".site" + std::to_string(i / 2) +
                                   ".far.example.test"));
    }
    const ImageBuffer image = make_image(set, kSuffix).value();
    ASSERT_GT(image.octets.size(), kMaxOffsetInImage);
    std::size_t farthest = 0;
    for (const std::uint16_t at : image.pointers) {
        const auto value = static_cast<std::uint16_t>(image.octets[at] << 8 | image.octets[at + 1]);
        const NamePointer place = NamePointer::from_image(value);
        if (!place.is_inside()) { continue; }
        EXPECT_LT(place.octets(), at);
        farthest = std::max<std::size_t>(farthest, place.octets());
    }
    EXPECT_LE(farthest, kMaxOffsetInImage);
    EXPECT_GT(farthest, kMaxOffsetInImage - 100);
}

TEST(Image, TellsWhereTargetsLie) {
    const auto places = [](Type type, const std::vector<Rdata>& records) {
        return target_pointers(make_image({type, 60, records}, kSuffix)->view(), type);
    };
    using Places = std::vector<NamePointer>;
    EXPECT_EQ(places(Type::MX, {Bytes{0, 1} + wire("mx.net"), Bytes{0, 2} + wire("example.test"),
                                Bytes{0, 3} + wire("a.mx.net"), Bytes{0, 4} + wire("mx.net")}),
              (Places{NamePointer::inside(14), NamePointer::suffix(14), NamePointer::inside(52),
                      NamePointer::inside(14)}));
    const Bytes srv(6, 0);
    EXPECT_EQ(places(Type::SRV, {srv + wire("a.test"), srv + wire("a.test")}),
              (Places{NamePointer::inside(18), NamePointer::inside(44)}));
    EXPECT_EQ(places(Type::HTTPS, {Bytes{0, 1} + wire("svc.test")}),
              (Places{NamePointer::inside(14)}));
    EXPECT_EQ(places(Type::A, {{192, 0, 2, 1}}), (Places{NamePointer()}));
    EXPECT_EQ(places(Type::SRV, {Bytes{0, 1}}), (Places{NamePointer()}));
    const Places many = places(Type::SRV, std::vector<Rdata>(400, srv + wire("a.test")));
    EXPECT_EQ(many.front(), NamePointer::inside(18));
    EXPECT_EQ(many.back(), NamePointer());
}

TEST(Image, NamesOfNewerTypesStayWhole) {  // RFC 3597 §4
    const Bytes srv = Bytes{0, 1, 0, 2, 0, 80} + wire("www.example.test");
    EXPECT_EQ(make_image({Type::SRV, 60, {srv}}, kSuffix)->octets, record(kQname, Type::SRV, srv));
    for (const Type type : {Type::SVCB, Type::HTTPS}) {
        const Bytes service = Bytes{0, 1} + wire("www.example.test");
        EXPECT_EQ(make_image({type, 60, {service, service}}, kSuffix)->octets,
                  record(kQname, type, service) + record(kQname, type, service));
    }
    const Bytes dname = wire("www.example.test");
    EXPECT_EQ(make_image({Type::DNAME, 60, {dname}}, kSuffix)->octets,
              record(kQname, Type::DNAME, dname));
}

TEST(Image, RdataThatIsNoNameIsCopiedAsItIs) {
    for (const Bytes& odd : {Bytes{}, Bytes{5}, Bytes{0, 10, 64}, Bytes(300, 1)}) {
        for (const Type type : {Type::NS, Type::MX, Type::SOA}) {
            EXPECT_EQ(make_image({type, 60, {odd}}, kSuffix)->octets, record(kQname, type, odd));
        }
    }
}

TEST(Image, HoldsUpTo65535Octets) {
    EXPECT_TRUE(make_image({Type::TXT, 60, {Bytes(65535 - 12, 0)}}, kSuffix).ok());
    EXPECT_FALSE(make_image({Type::TXT, 60, {Bytes(65535 - 11, 0)}}, kSuffix).ok());
    EXPECT_FALSE(make_image({Type::TXT, 60, {Bytes(65535, 0)}}, kSuffix).ok());
    EXPECT_FALSE(make_image({Type::TXT, 60, std::vector<Rdata>(4096, Bytes(4, 0))}, kSuffix).ok());
    const ImageBuffer longest =
        make_image({Type::TXT, 60, {Bytes(65535 - 12, 0)}}, kSuffix).value();
    EXPECT_TRUE(make_owned_image(named("."), longest.view()).ok());
    EXPECT_FALSE(make_owned_image(named("a"), longest.view()).ok());
}

TEST(Image, CanBringItsOwner) {
    const RecordSet set{Type::A, 60, {{192, 0, 2, 1}, {192, 0, 2, 2}}};
    const ImageBuffer image = make_image(set, kSuffix).value();
    const ImageBuffer owned = make_owned_image(named("ns.sub.example.test"), image.view()).value();
    const Bytes owner = wire("ns.sub.example.test");
    EXPECT_EQ(owned.octets,
              record(owner, Type::A, {192, 0, 2, 1}) + record(owner, Type::A, {192, 0, 2, 2}));
    EXPECT_TRUE(owned.pointers.empty());
    EXPECT_EQ(owned.stride_octets, 0);
    EXPECT_EQ(owned.record_count, 2);
}

}  // namespace
}  // namespace meridian::dns
