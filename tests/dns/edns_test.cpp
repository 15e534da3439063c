// Tests that OPT is written as long as was counted before, and that the writer keeps its room free.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/edns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <vector>

#include "meridian/dns/answer_writer.h"
#include "tests/dns/packet.h"

namespace meridian::dns {
namespace {

constexpr std::size_t kBareOptOctets = 11;

/// A client subnet of each SOURCE of the family, with all bits set that may be.
std::vector<Edns> with_subnets(Family family) {
    std::vector<Edns> all;
    for (unsigned bits = 0; bits <= width_bits(family); ++bits) {
        Edns edns;
        edns.present = true;
        edns.dnssec_ok = bits % 2 == 0;
        const auto ones = IpAddress::left_aligned(family, ~0ull, ~0ull).masked(bits);
        edns.client_subnet = {true, static_cast<std::uint8_t>(bits), ones};
        all.push_back(edns);
    }
    return all;
}

void expect_same_when_read_again(const Edns& edns) {
    const std::size_t octets = answer_opt_octets(edns);
    Bytes record(octets);  // exactly as long as was counted, so that ASan sees an octet more
    ASSERT_EQ(write_opt(record, edns, Rcode::NoError, {}), octets);
    ASSERT_EQ(record[0], 0);  // the root owner
    Edns again;
    const auto fields = std::span<const std::uint8_t>(record).subspan<1>();
    ASSERT_TRUE(read_opt(fields.first<kRecordFixedOctets>(), true,
                         fields.subspan<kRecordFixedOctets>(), again));
    EXPECT_TRUE(again.present);
    EXPECT_EQ(again.dnssec_ok, edns.dnssec_ok);
    EXPECT_EQ(again.version, 0);
    EXPECT_EQ(again.udp_octets, 1232);
    EXPECT_EQ(again.client_subnet.present, edns.client_subnet.present);
    EXPECT_EQ(again.client_subnet.source_bits, edns.client_subnet.source_bits);
    EXPECT_EQ(again.client_subnet.address, edns.client_subnet.address);
}

TEST(Edns, WhatIsWrittenIsAsLongAsCountedAndSaysTheSameWhenRead) {
    Edns bare;
    bare.present = true;
    expect_same_when_read_again(bare);
    for (const Family family : {Family::V4, Family::V6}) {
        for (const Edns& edns : with_subnets(family)) {
            SCOPED_TRACE(edns.client_subnet.source_bits);
            expect_same_when_read_again(edns);
        }
    }
}

TEST(Edns, AQueryWithoutOptGetsNone) {
    EXPECT_EQ(answer_opt_octets({}), 0u);
    Edns stale;
    stale.client_subnet.present = true;
    EXPECT_EQ(answer_opt_octets(stale), 0u);
}

TEST(Edns, AForgottenOptLeavesNothingBehind) {
    Edns edns = with_subnets(Family::V6)[56];
    forget_options(edns);
    EXPECT_TRUE(edns.present);
    EXPECT_EQ(answer_opt_octets(edns), kBareOptOctets);
    forget_edns(edns);
    EXPECT_FALSE(edns.present || edns.dnssec_ok || edns.client_subnet.present);
    EXPECT_EQ(answer_opt_octets(edns), 0u);
}

/// A query in a buffer as long as its reply may become.
struct SmallSlot {
    SmallSlot() {
        const Bytes packet = edns_query("a.", {.udp_octets = 512});
        read_query(packet, Transport::Udp, query);
        buffer = packet;
        buffer.resize(query.limit_octets);
    }
    Query query;
    Bytes buffer;
};

/// One record of exactly so many octets.
ImageBuffer record_of(std::size_t octets) {
    return make_image({Type::TXT, 60, {Bytes(octets - 12, 1)}}, Name().wire()).value();
}

TEST(AnswerWriter, ReservesForOptWhatItIsToldAndWritesWhatOptTakes) {
    for (const std::size_t reserved : {kBareOptOctets, kBareOptOctets + 1, kBareOptOctets + 40}) {
        const std::size_t room = 512 - SmallSlot().query.question_end - reserved;
        for (const std::size_t size : {room, room + 1}) {
            SmallSlot slot;
            AnswerWriter writer(slot.query, slot.buffer, reserved);
            EXPECT_EQ(writer.append(Section::Answer, record_of(size).view()), size == room);
            const std::size_t octets = writer.finish(Rcode::NoError);
            const std::size_t appended = size == room ? size : 0;
            EXPECT_EQ(octets, slot.query.question_end + appended + kBareOptOctets);
            const auto reply = decode(std::span(slot.buffer).first(octets));
            ASSERT_TRUE(reply.has_value());
            ASSERT_EQ(reply->sections[2].size(), 1u);
            EXPECT_TRUE(reply->sections[2][0].rdata.empty());
        }
    }
}

}  // namespace
}  // namespace meridian::dns
