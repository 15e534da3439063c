// Tests errors beside their code: OPT always, an option only if it was understood.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <vector>

#include "tests/dns/checked_query.h"
#include "tests/dns/packet.h"

namespace meridian::dns {
namespace {

constexpr std::uint16_t kDnssecOk = 0x8000;
constexpr std::uint16_t kNotify = 4u << 11;
constexpr std::uint16_t kUpdate = 5u << 11;

struct Case {
    const char* what;
    Bytes packet;
    Rcode error = Rcode::FormErr;
};

Bytes soa(const Bytes& owner) {
    const Bytes numbers(20, 1);
    return record(owner, Type::SOA, Bytes{0xc0, 0x0c, 0xc0, 0x0c} + numbers);
}

const Bytes kAtQuestion{0xc0, 0x0c};  // a pointer to QNAME

/// Queries with data in each place that is empty in a common query, and `last` behind.
std::vector<Case> uncommon_queries(const Bytes& last) {
    const Bytes a = record(kAtQuestion, Type::A, {192, 0, 2, 1});
    const Bytes asked = question("example.");
    const Bytes ixfr = question("example.", Type::IXFR);
    const Bytes own = soa(kAtQuestion);
    const Bytes compressed = Bytes{1, 'a', 0xc0, 0x00, 0, 1, 0, 1};
    return {
        {"no question", header({.questions = 0, .additionals = 1}) + last},
        {"two questions", header({.questions = 2, .additionals = 1}) + asked + asked + last},
        {"two, one compressed",
         header({.questions = 2, .additionals = 1}) + asked + compressed + last},
        {"a compressed question", header({.additionals = 1}) + compressed + last},
        {"no question, an answer",
         header({.questions = 0, .answers = 1, .additionals = 1}) + own + last},
        {"an answer", header({.answers = 1, .additionals = 1}) + asked + a + last},
        {"an authority", header({.authorities = 1, .additionals = 1}) + asked + own + last},
        {"all of them", header({.answers = 2, .authorities = 2, .additionals = 2}) + asked + a + a +
                            own + own + a + last},
        {"IXFR with an address", header({.authorities = 1, .additionals = 1}) + ixfr + a + last},
        {"IXFR with two SOA",
         header({.authorities = 2, .additionals = 1}) + ixfr + own + own + last},
        {"IXFR with an answer", header({.answers = 1, .additionals = 1}) + ixfr + own + last},
        {"AXFR with a SOA", header({.authorities = 1, .additionals = 1}) +
                                question("example.", Type::AXFR) + own + last},
        {"NOTIFY", header({.flags = kNotify, .answers = 1, .additionals = 1}) + asked + own + last,
         Rcode::NotImp},
        {"NOTIFY without a question",
         header({.flags = kNotify, .questions = 0, .additionals = 1}) + last, Rcode::NotImp},
        {"UPDATE",
         header({.flags = kUpdate, .answers = 1, .authorities = 2, .additionals = 1}) + asked + a +
             a + a + last,
         Rcode::NotImp},
    };
}

TEST(QueryError, CarriesOptWhateverStandsBeforeIt) {
    for (const Case& uncommon : uncommon_queries(opt({.flags = kDnssecOk}))) {
        for (const Transport transport : {Transport::Udp, Transport::Stream}) {
            const Query query = read_checked(uncommon.packet, transport);
            EXPECT_EQ(query.error, uncommon.error) << uncommon.what;
            EXPECT_TRUE(query.edns.present) << uncommon.what;
            EXPECT_TRUE(query.edns.dnssec_ok) << uncommon.what;
        }
    }
}

TEST(QueryError, CarriesNoOptWhereNoneWasSent) {
    for (const Case& uncommon : uncommon_queries(record({0}, Type::TSIG, Bytes(20, 0)))) {
        const Query query = read_checked(uncommon.packet);
        EXPECT_EQ(query.error, uncommon.error) << uncommon.what;
        EXPECT_FALSE(query.edns.present) << uncommon.what;
    }
}

TEST(QueryError, EchoesNoClientSubnetThatMayNotHaveBeenUnderstood) {
    const Bytes subnet = client_subnet(1, 24, 0, {198, 51, 100});
    std::vector<Case> cases = uncommon_queries(opt({.options = subnet}));
    const Bytes asked = question("example.");
    const Bytes with_subnet = opt({.options = subnet});
    cases.push_back({"octets behind", header({.additionals = 1}) + asked + with_subnet + Bytes{0}});
    cases.push_back({"two OPT", header({.additionals = 2}) + asked + with_subnet + opt({})});
    cases.push_back(
        {"an option cut", edns_query("example.", {.options = subnet + Bytes{0, 9, 0, 1}})});
    for (unsigned version = 1; version < 256; ++version) {
        cases.push_back({"another version",
                         edns_query("example.", {.version = static_cast<std::uint8_t>(version),
                                                 .options = subnet}),
                         Rcode::BadVers});
    }
    for (unsigned opcode = 1; opcode < 16; ++opcode) {
        const auto flags = static_cast<std::uint16_t>(opcode << 11);
        cases.push_back({"another opcode",
                         header({.flags = flags, .additionals = 1}) + asked + with_subnet,
                         Rcode::NotImp});
    }
    for (const Case& bad : cases) {
        const Query query = read_checked(bad.packet);
        EXPECT_EQ(query.error, bad.error) << bad.what;
        EXPECT_TRUE(query.edns.present) << bad.what;
        EXPECT_FALSE(query.edns.client_subnet.present) << bad.what;
    }
}

/// RFC 7871 §7.2.1: a server that supports the option echoes it in every answer to a sound query.
TEST(QueryError, EchoesTheClientSubnetOfARefusal) {
    const Bytes subnet = client_subnet(1, 24, 0, {198, 51, 100});
    for (const Type type : {Type::AXFR, Type::IXFR, Type::TSIG}) {
        const Query query = read_checked(edns_query("example.", {.options = subnet}, type));
        EXPECT_EQ(query.error, Rcode::Refused);
        EXPECT_TRUE(query.edns.client_subnet.present);
    }
}

TEST(QueryError, BadVersWhateverTheOptionsHold) {
    const std::vector<Bytes> options{
        {0}, {0, 9, 0, 2, 1}, option(8, {}), client_subnet(3, 0, 0, {}), Bytes(500, 0xff)};
    for (const Bytes& held : options) {
        const Bytes packet = edns_query("example.", {.version = 1, .options = held});
        EXPECT_EQ(read_checked(packet).error, Rcode::BadVers);
        const Bytes same_of_ours = edns_query("example.", {.options = held});
        EXPECT_EQ(read_checked(same_of_ours).error, Rcode::FormErr);
    }
}

TEST(QueryError, TheQuestionForAnIncrementalTransferIsRefused) {
    const Bytes signature = record({0}, Type::TSIG, Bytes(20, 0));
    for (const char* const zone : {"example.", ".", "a.b.c.example."}) {
        const Bytes asked = question(zone, Type::IXFR);
        const Bytes uncompressed(asked.begin(), asked.end() - 4);
        for (const Bytes& owner : {kAtQuestion, uncompressed}) {
            const std::vector<Bytes> packets{
                header({.authorities = 1}) + asked + soa(owner),
                header({.authorities = 1, .additionals = 1}) + asked + soa(owner) + opt({}),
                header({.authorities = 1, .additionals = 2}) + asked + soa(owner) + opt({}) +
                    signature,
            };
            for (const Bytes& packet : packets) {
                for (const Transport transport : {Transport::Udp, Transport::Stream}) {
                    const Query query = read_checked(packet, transport);
                    EXPECT_EQ(query.error, Rcode::Refused) << zone;
                    EXPECT_TRUE(query.has_question) << zone;
                }
                const Bytes cut(packet.begin(), packet.end() - 1);
                EXPECT_EQ(read_checked(cut).error, Rcode::FormErr) << zone;
                EXPECT_EQ(read_checked(packet + Bytes{0}).error, Rcode::FormErr) << zone;
            }
        }
    }
}

}  // namespace
}  // namespace meridian::dns
