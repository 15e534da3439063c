// Tests replies octet by octet around every limit.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/answer_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <vector>

#include "tests/dns/packet.h"
#include "tests/support/call_counters.h"

namespace meridian::dns {
namespace {

const Bytes kSubnet4 = client_subnet(1, 24, 0, {198, 51, 100});

/// A query in a buffer exactly as long as its reply may become.
struct Slot {
    explicit Slot(const Bytes& packet, Transport transport = Transport::Udp) {
        read_query(packet, transport, query);
        buffer = packet;
        buffer.resize(query.limit_octets, 0xee);
    }
    Reply decoded(std::size_t octets) const {
        const auto reply = decode(std::span(buffer).first(octets));
        EXPECT_TRUE(reply.has_value());
        return reply.value_or(Reply{});
    }
    Query query;
    Bytes buffer;
};

ImageBuffer addresses(unsigned count) {
    RecordSet set{Type::A, 60, {}};
    for (unsigned i = 0; i < count; ++i) {
        set.records.push_back({192, 0, 2, static_cast<std::uint8_t>(i)});
    }
    return make_image(set, Name().wire()).value();
}

/// One record of exactly so many octets.
ImageBuffer filler(std::size_t octets) {
    return make_image({Type::TXT, 60, {Bytes(octets - 12, 1)}}, Name().wire()).value();
}

TEST(AnswerWriter, AnswersBehindTheQuestionInTheClientsCase) {
    Slot slot(plain_query("WWW.Example."));
    AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
    writer.set_authoritative(true);
    EXPECT_EQ(writer.position(), slot.query.question_end);
    ASSERT_TRUE(writer.append(Section::Answer, addresses(2).view()));
    const std::size_t octets = writer.finish(Rcode::NoError);

    EXPECT_EQ(octets, slot.query.question_end + 32u);
    const Reply reply = slot.decoded(octets);
    EXPECT_EQ(reply.header.id, 0x1234);
    EXPECT_EQ(reply.header.flags, 0x8500);  // QR AA RD
    EXPECT_EQ(reply.name->to_text(), "WWW.Example.");
    ASSERT_EQ(reply.sections[0].size(), 2u);
    EXPECT_EQ(reply.sections[0][1].owner.to_text(), "WWW.Example.");
    EXPECT_EQ(reply.sections[0][1].type, Type::A);
    EXPECT_EQ(reply.sections[0][1].ttl, 60u);
    EXPECT_EQ(reply.sections[0][1].rdata, (Bytes{192, 0, 2, 1}));
    EXPECT_TRUE(reply.sections[2].empty());
}

TEST(AnswerWriter, CopiesOnlyOpcodeAndRdFromTheFlags) {
    for (unsigned flags = 0; flags <= 0x7fff; ++flags) {
        Slot slot(header({.flags = static_cast<std::uint16_t>(flags)}) + question("example."));
        AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
        const std::size_t octets = writer.finish(Rcode::NXDomain);
        ASSERT_EQ(slot.decoded(octets).header.flags, 0x8003 | (flags & 0x7900)) << flags;
    }
}

TEST(AnswerWriter, OwnersAreWhereTheyArePlaced) {
    Slot slot(edns_query("www.example.", {}));
    AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
    ASSERT_TRUE(writer.append(Section::Answer, addresses(3).view()));
    // Records of different lengths are walked one by one.
    const ImageBuffer texts =
        make_image({Type::TXT, 60, {Bytes(1, 0), Bytes(3, 0), Bytes(2, 0)}}, Name().wire()).value();
    ASSERT_TRUE(writer.append(Section::Authority, texts.view(), 12 + 4));

    const Reply reply = slot.decoded(writer.finish(Rcode::NoError));
    ASSERT_EQ(reply.sections[0].size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(reply.sections[0][i].owner, named("www.example."));
        EXPECT_EQ(reply.sections[0][i].rdata.back(), i);
    }
    ASSERT_EQ(reply.sections[1].size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(reply.sections[1][i].owner, named("example."));
    }
}

TEST(AnswerWriter, PointersGoToTheEndOfTheQuestionAndIntoTheImage) {
    const Name apex = named("example.test.");
    const ImageBuffer soa =
        make_image({Type::SOA,
                    60,
                    {wire("ns1.dns.example.test") + wire("h.dns.example.test") + Bytes(20, 0)}},
                   apex.wire())
            .value();
    for (std::string_view asked : {"example.test.", "a.example.test.", "a.bcd.example.test."}) {
        Slot slot(plain_query(asked));
        AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
        ASSERT_TRUE(writer.append_in_question(Section::Authority, soa.view(), apex.octets()));
        const std::size_t octets = writer.finish(Rcode::NoError);
        const Reply reply = slot.decoded(octets);
        const auto message = std::span(slot.buffer).first(octets);
        EXPECT_EQ(reply.sections[1][0].owner, apex);
        std::size_t offset = reply.sections[1][0].rdata_offset;
        EXPECT_EQ(name_at(message, offset), named("ns1.dns.example.test"));
        EXPECT_EQ(name_at(message, offset), named("h.dns.example.test"));
    }
}

TEST(AnswerWriter, WritesTheAliasThatADnameMakes) {
    Slot slot(plain_query("a.old.test."));
    AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
    const Bytes front{1, 'a', 1, 'b'};
    ASSERT_TRUE(writer.append_cname(12, 60, front, 12 + 6));
    ASSERT_TRUE(writer.append_cname(12 + 2, 61, front, 0));
    const std::size_t octets = writer.finish(Rcode::NoError);
    const Reply reply = slot.decoded(octets);
    const auto message = std::span(slot.buffer).first(octets);
    ASSERT_EQ(reply.sections[0].size(), 2u);
    EXPECT_EQ(reply.sections[0][0].owner, named("a.old.test."));
    EXPECT_EQ(reply.sections[0][0].ttl, 60u);
    std::size_t offset = reply.sections[0][0].rdata_offset;
    EXPECT_EQ(name_at(message, offset), named("a.b.test."));
    EXPECT_EQ(reply.sections[0][1].owner, named("old.test."));
    offset = reply.sections[0][1].rdata_offset;
    EXPECT_EQ(name_at(message, offset), named("a.b."));
}

TEST(AnswerWriter, RotatesThroughASet) {
    const ImageBuffer image = addresses(5);
    for (std::uint16_t first = 0; first < 5; ++first) {
        for (std::uint16_t count = 1; count <= 5; ++count) {
            Slot slot(plain_query("www.example."));
            AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
            ASSERT_TRUE(writer.append_addresses(image.view(), 16, first, count, 77));
            const Reply reply = slot.decoded(writer.finish(Rcode::NoError));
            ASSERT_EQ(reply.sections[0].size(), count);
            for (std::uint16_t i = 0; i < count; ++i) {
                EXPECT_EQ(reply.sections[0][i].rdata.back(), (first + i) % 5);
                EXPECT_EQ(reply.sections[0][i].owner, named("example."));
                EXPECT_EQ(reply.sections[0][i].ttl, 77U);
            }
        }
    }
}

TEST(AnswerWriter, EchoesTheClientSubnetInEveryReplyWithTheScope) {
    const std::array subnets{
        kSubnet4,
        client_subnet(1, 0, 0, {}),
        client_subnet(1, 32, 0, {1, 2, 3, 4}),
        client_subnet(2, 0, 0, {}),
        client_subnet(2, 56, 0, {0x20, 1, 0x0d, 0xb8, 0, 0, 1}),
        client_subnet(2, 128, 0, Bytes(16, 9)),
    };
    for (const Bytes& subnet : subnets) {
        for (const Rcode rcode :
             {Rcode::NoError, Rcode::NXDomain, Rcode::Refused, Rcode::BadVers}) {
            for (const std::uint8_t scope : std::array<std::uint8_t, 3>{0, 24, 128}) {
                Slot slot(edns_query("example.", {.flags = 0x8000,
                                                  .options = option(10, Bytes(8, 1)) + subnet +
                                                             option(65001, {1})}));
                AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
                if (scope != 0) { writer.set_scope(scope); }
                const Reply reply = slot.decoded(writer.finish(rcode));
                ASSERT_EQ(reply.sections[2].size(), 1u);
                const PacketRecord& opt_record = reply.sections[2][0];
                EXPECT_EQ(opt_record.type, Type::OPT);
                EXPECT_TRUE(opt_record.owner.is_root());
                EXPECT_EQ(opt_record.class_or_size, 1232);
                Bytes expected = subnet;
                expected[7] = scope;
                EXPECT_EQ(opt_record.rdata, expected);
                const unsigned whole = static_cast<unsigned>(rcode);
                EXPECT_EQ(opt_record.ttl, (whole >> 4) << 24 | 0x8000);
                EXPECT_EQ(reply.header.flags & 15, whole & 15);
            }
        }
    }
}

TEST(AnswerWriter, ScopeGoesNowhereWithoutAClientSubnet) {
    for (const Bytes& packet : {plain_query("example."), edns_query("example.", {})}) {
        Slot slot(packet);
        AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
        writer.set_scope(24);
        const Reply reply = slot.decoded(writer.finish(Rcode::NoError));
        ASSERT_EQ(reply.sections[2].size(), slot.query.edns.present ? 1u : 0u);
        for (const PacketRecord& record : reply.sections[2]) {
            EXPECT_TRUE(record.rdata.empty());
            EXPECT_EQ(record.ttl, 0u);  // no DO either
        }
    }
}

TEST(AnswerWriter, ErrorsCarryTheQuestionOnlyIfItWasRead) {
    Slot broken(header({.questions = 2}) + question("a.") + question("b."));
    AnswerWriter bare(broken.query, broken.buffer, answer_opt_octets(broken.query.edns));
    EXPECT_EQ(bare.finish(broken.query.error), 12u);
    EXPECT_EQ(broken.decoded(12).header.flags, 0x8101);
    EXPECT_FALSE(broken.decoded(12).name.has_value());

    Slot trailing(edns_query("www.example.", {.options = kSubnet4}) + Bytes(1100, 0));
    AnswerWriter writer(trailing.query, trailing.buffer, answer_opt_octets(trailing.query.edns));
    const std::size_t octets = writer.finish(trailing.query.error);
    EXPECT_EQ(octets, 12u + 17 + 11);  // the client subnet may not have been understood
    EXPECT_EQ(trailing.decoded(octets).header.flags, 0x8101);
    EXPECT_EQ(trailing.decoded(octets).name, named("www.example."));
}

TEST(AnswerWriter, ShortRepliesFollowLongQueries) {
    // A query over a stream may be longer than any reply.
    Bytes packet = header({.questions = 1}) + Bytes{0xc0, 0x0c} + Bytes(60'000, 7);
    Slot slot(packet, Transport::Stream);
    AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
    EXPECT_EQ(writer.finish(slot.query.error), 12u);
    EXPECT_EQ(slot.decoded(12).header.flags, 0x8101);
}

struct LimitCase {
    const char* what;
    Bytes packet;
    Transport transport;
    std::size_t limit;
    std::size_t opt;
};

std::vector<LimitCase> limit_cases() {
    const OptFields with_subnet{.udp_octets = 4096, .options = kSubnet4};
    std::vector<LimitCase> cases{
        {"no EDNS", plain_query("a."), Transport::Udp, 512, 0},
        {"512 advertised", edns_query("a.", {.udp_octets = 0}), Transport::Udp, 512, 11},
        {"1232", edns_query("a.", {}), Transport::Udp, 1232, 11},
        {"1232 with ECS", edns_query("a.", with_subnet), Transport::Udp, 1232, 22},
        {"stream", plain_query("a."), Transport::Stream, 65535, 0},
        {"stream with ECS", edns_query("a.", with_subnet), Transport::Stream, 65535, 22},
    };
    for (std::uint16_t advertised = 505; advertised <= 520; ++advertised) {
        const std::size_t limit = std::max<std::size_t>(512, advertised);
        cases.push_back(
            {"swept", edns_query("a.", {.udp_octets = advertised}), Transport::Udp, limit, 11});
    }
    return cases;
}

TEST(AnswerWriter, FillsTheLimitToTheLastOctetAndNoFurther) {
    for (const LimitCase& given : limit_cases()) {
        for (const Section section : {Section::Answer, Section::Authority, Section::Additional}) {
            Slot slot(given.packet, given.transport);
            ASSERT_EQ(slot.query.limit_octets, given.limit);
            const std::size_t room = given.limit - slot.query.question_end - given.opt;
            for (std::size_t size = room - 16; size <= std::min<std::size_t>(room + 16, 65535);
                 ++size) {
                Slot fresh(given.packet, given.transport);
                AnswerWriter writer(fresh.query, fresh.buffer, answer_opt_octets(fresh.query.edns));
                const bool fits = writer.append(section, filler(size).view());
                ASSERT_EQ(fits, size <= room) << given.what << ' ' << size;
                const std::size_t octets = writer.finish(Rcode::NoError);
                ASSERT_LE(octets, given.limit);
                const std::size_t bare = fresh.query.question_end + given.opt;
                ASSERT_EQ(octets, fits ? bare + size : bare) << given.what << ' ' << size;
                const Reply reply = fresh.decoded(octets);
                const bool truncated = (reply.header.flags & 0x0200) != 0;
                ASSERT_EQ(truncated, !fits && section != Section::Additional) << given.what;
                const std::size_t opt_count =
                    section == Section::Additional && given.opt != 0 ? 1 : 0;
                ASSERT_EQ(reply.sections[static_cast<std::size_t>(section)].size(),
                          (fits ? 1u : 0u) + opt_count);
            }
        }
    }
}

TEST(AnswerWriter, TurnsAWholeSet) {
    const ImageBuffer image = addresses(5);
    for (std::uint16_t first = 0; first < 5; ++first) {
        Slot slot(plain_query("www.example."));
        AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
        ASSERT_TRUE(writer.append_rotated(Section::Answer, image.view(), 16, first));
        const Reply reply = slot.decoded(writer.finish(Rcode::NoError));
        ASSERT_EQ(reply.sections[0].size(), 5U);
        for (std::uint16_t i = 0; i < 5; ++i) {
            EXPECT_EQ(reply.sections[0][i].rdata.back(), (first + i) % 5);
            EXPECT_EQ(reply.sections[0][i].owner, named("example."));
        }
    }
}

TEST(AnswerWriter, AppendsChosenAddressesInTheGivenOrder) {
    const ImageBuffer image = addresses(5);
    const std::array<std::uint8_t, 3> records{4, 0, 2};
    Slot slot(plain_query("www.example."));
    AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
    ASSERT_TRUE(writer.append_addresses(image.view(), 16, records, 5));
    const Reply reply = slot.decoded(writer.finish(Rcode::NoError));
    ASSERT_EQ(reply.sections[0].size(), records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        EXPECT_EQ(reply.sections[0][i].rdata.back(), records[i]);
        EXPECT_EQ(reply.sections[0][i].owner, named("example."));
        EXPECT_EQ(reply.sections[0][i].ttl, 5U);
    }
}

TEST(AnswerWriter, ChosenAddressesFitWholeOrNotAtAll) {
    const ImageBuffer image = addresses(40);
    for (std::size_t count = 1; count <= 40; ++count) {
        Slot slot(plain_query("a."));
        const std::size_t room = 512 - slot.query.question_end;
        AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
        const std::vector<std::uint8_t> records(count, 39);
        EXPECT_EQ(writer.append_addresses(image.view(), 12, records, 60), count * 16u <= room);
        const Reply reply = slot.decoded(writer.finish(Rcode::NoError));
        EXPECT_EQ(reply.sections[0].size(), count * 16u <= room ? count : 0u);
        EXPECT_EQ((reply.header.flags & 0x0200) != 0, count * 16u > room);
    }
}

TEST(AnswerWriter, RotatedSetsFitWholeOrNotAtAll) {
    const ImageBuffer image = addresses(40);
    for (std::uint16_t count = 1; count <= 40; ++count) {
        Slot slot(plain_query("a."));
        const std::size_t room = 512 - slot.query.question_end;
        AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
        const bool fits = writer.append_addresses(image.view(), 12, 39, count, 60);
        EXPECT_EQ(fits, count * 16u <= room) << count;
        const Reply reply = slot.decoded(writer.finish(Rcode::NoError));
        EXPECT_EQ(reply.sections[0].size(), fits ? count : 0u);
        EXPECT_EQ((reply.header.flags & 0x0200) != 0, !fits);
    }
}

TEST(AnswerWriter, WhatDidNotFitLeavesNoTrace) {
    Slot slot(edns_query("a.", {.udp_octets = 512}));
    AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
    ASSERT_TRUE(writer.append(Section::Answer, addresses(1).view()));
    const std::size_t before = writer.position();
    const Bytes untouched = slot.buffer;
    EXPECT_FALSE(writer.append(Section::Answer, filler(600).view(), 12));
    EXPECT_EQ(writer.position(), before);
    EXPECT_EQ(slot.buffer, untouched);
    // The next set may still fit.
    EXPECT_TRUE(writer.append(Section::Authority, addresses(2).view()));
    const Reply reply = slot.decoded(writer.finish(Rcode::NoError));
    EXPECT_EQ(reply.sections[0].size(), 1u);
    EXPECT_EQ(reply.sections[1].size(), 2u);
}

TEST(AnswerWriter, TruncationCanBeDemanded) {
    Slot slot(plain_query("a."));
    AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
    EXPECT_FALSE(writer.append(Section::Additional, filler(600).view()));
    writer.set_truncated();
    EXPECT_EQ(slot.decoded(writer.finish(Rcode::NoError)).header.flags, 0x8300);
}

TEST(AnswerWriterDeathTest, SectionsOutOfOrderAreOurMistake) {
    Slot slot(plain_query("a."));
    const ImageBuffer image = addresses(1);
    AnswerWriter writer(slot.query, slot.buffer, answer_opt_octets(slot.query.edns));
    ASSERT_TRUE(writer.append(Section::Additional, image.view()));
    EXPECT_DEATH((void)writer.append(Section::Answer, image.view()), "assertion failed");
}

TEST(AnswerWriter, ReadingAndWritingAllocateNothing) {
    const ImageBuffer image = addresses(6);
    const ImageBuffer too_long = filler(1300);
    const std::array packets{
        plain_query("www.example."),
        edns_query("www.example.", {.flags = 0x8000, .options = kSubnet4}),
        edns_query("www.example.", {.version = 1, .options = kSubnet4}),
        edns_query("www.example.", {.options = {1, 2, 3}}),
        header({.questions = 3}) + Bytes{0xc0, 0x0c},
        Bytes(40, 0xff),
    };
    Bytes buffer(1232);
    Query query;
    for (const Bytes& packet : packets) {
        std::copy(packet.begin(), packet.end(), buffer.begin());
        const std::uint64_t before = allocation_count();
        read_query(std::span(buffer).first(packet.size()), Transport::Udp, query);
        std::size_t octets = 0;
        if (query.deserves_reply) {
            AnswerWriter writer(query, buffer, answer_opt_octets(query.edns));
            if (query.error == Rcode::NoError) {
                writer.set_scope(20);
                (void)writer.append_addresses(image.view(), 16, 4, 3, 60);
                (void)writer.append_rotated(Section::Answer, image.view(), 16, 4);
                (void)writer.append(Section::Authority, too_long.view());
                (void)writer.append(Section::Additional, image.view());
            }
            octets = writer.finish(query.error);
        }
        EXPECT_EQ(allocation_count() - before, 0u);
        EXPECT_EQ(octets >= 12, query.deserves_reply);
    }
    // The counter itself counts; a plain call, because a compiler may leave out a new-expression.
    const std::uint64_t before = allocation_count();
    ::operator delete(::operator new(1000));
    EXPECT_EQ(allocation_count() - before, 1u);
}

}  // namespace
}  // namespace meridian::dns
