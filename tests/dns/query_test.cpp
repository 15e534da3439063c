// Tests the query reader with every kind of good and bad packet.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/query.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "tests/dns/checked_query.h"
#include "tests/dns/packet.h"

namespace meridian::dns {
namespace {

std::string text_of_name(const Query& query) {
    return Name::from_wire(query.name_wire()).value().to_text();
}

std::vector<Bytes> valid_queries() {
    const Bytes subnet4 = client_subnet(1, 24, 0, {198, 51, 100});
    const Bytes subnet6 = client_subnet(2, 56, 0, {0x20, 0x01, 0x0d, 0xb8, 0, 0, 1});
    return {
        plain_query("www.Example."),
        plain_query(".", Type::NS),
        edns_query("a.b.c.d.e.f.example.", {}, Type::AAAA),
        edns_query("www.example.", {.flags = 0x8000, .options = subnet4}),
        edns_query("www.example.",
                   {.options = option(10, Bytes(8, 1)) + subnet6 + option(65001, {1, 2, 3})}),
        header({.additionals = 3}) + question("www.example.") +
            record({1, 'x', 0xc0, 0x0c}, Type::TXT, {3, 'a', 'b', 'c'}) + opt({}) +
            record({0}, Type::TSIG, Bytes(20, 0)),
    };
}

TEST(Query, ReadsAPlainQuestion) {
    const Query query = read_checked(plain_query("WWW.Example.", Type::AAAA));
    EXPECT_TRUE(query.deserves_reply);
    EXPECT_EQ(query.error, Rcode::NoError);
    EXPECT_TRUE(query.has_question);
    EXPECT_EQ(text_of_name(query), "www.example.");
    EXPECT_EQ(query.type, Type::AAAA);
    EXPECT_EQ(query.qclass, Class::IN);
    EXPECT_EQ(query.label_count, 2);
    EXPECT_EQ(query.question_end, 12 + 13 + 4);
    EXPECT_EQ(query.limit_octets, 512);
    EXPECT_FALSE(query.edns.present);
    EXPECT_FALSE(query.edns.client_subnet.present);
}

TEST(Query, ReadsTheRoot) {
    for (unsigned number = 0; number <= 0xffff; ++number) {
        const Type type = static_cast<Type>(number);
        Query query;
        const Bytes packet = plain_query(".", type);
        read_query(packet, Transport::Udp, query);
        ASSERT_EQ(query.name_octets, 1);
        ASSERT_EQ(query.label_count, 0);
        ASSERT_EQ(query.type, type);
        const bool is_answerable = is_data_type(type) || type == Type::ANY;
        ASSERT_EQ(query.error, is_answerable ? Rcode::NoError : Rcode::Refused) << number;
    }
}

TEST(Query, ReadsEdns) {
    const Query query = read_checked(edns_query("example.", {.udp_octets = 4096, .flags = 0xffff}));
    EXPECT_EQ(query.error, Rcode::NoError);
    EXPECT_TRUE(query.edns.present);
    EXPECT_TRUE(query.edns.dnssec_ok);
    EXPECT_EQ(query.edns.version, 0);
    EXPECT_EQ(query.edns.udp_octets, 4096);
    EXPECT_FALSE(read_checked(edns_query("example.", {.flags = 0x7fff})).edns.dnssec_ok);
}

TEST(Query, TakesTheLimitFromTheTransportAndEdns) {
    struct Case {
        std::uint16_t advertised, limit;
    };
    for (const auto& [advertised, limit] :
         {Case{0, 512}, Case{511, 512}, Case{512, 512}, Case{513, 513}, Case{1231, 1231},
          Case{1232, 1232}, Case{1233, 1232}, Case{65535, 1232}}) {
        const Bytes packet = edns_query("example.", {.udp_octets = advertised});
        EXPECT_EQ(read_checked(packet).limit_octets, limit) << advertised;
        EXPECT_EQ(read_checked(packet, Transport::Stream).limit_octets, 65535);
        EXPECT_EQ(read_checked(packet).edns.udp_octets, advertised);
    }
    EXPECT_EQ(read_checked(plain_query("example."), Transport::Stream).limit_octets, 65535);
}

TEST(Query, SilenceForFragmentsAndResponses) {
    for (std::size_t length = 0; length < 12; ++length) {
        EXPECT_FALSE(read_checked(Bytes(length, 0)).deserves_reply) << length;
    }
    for (unsigned opcode = 0; opcode < 16; ++opcode) {
        const auto flags = static_cast<std::uint16_t>(0x8000 | opcode << 11);
        EXPECT_FALSE(read_checked(header({.flags = flags}) + question("example.")).deserves_reply);
        EXPECT_FALSE(read_checked(header({.flags = flags, .questions = 9})).deserves_reply);
    }
}

TEST(Query, OtherOpcodesAreNotImplementedWhateverFollows) {
    for (unsigned opcode = 1; opcode < 16; ++opcode) {
        const auto flags = static_cast<std::uint16_t>(opcode << 11);
        for (unsigned qclass : {0u, 1u, 3u, 4u, 254u, 255u, 65535u}) {
            const Bytes asked = question("example.", Type::SOA, static_cast<Class>(qclass));
            const Query whole = read_checked(header({.flags = flags, .additionals = 1}) + asked +
                                             opt({.version = 1}));
            EXPECT_EQ(whole.error, Rcode::NotImp);
            EXPECT_TRUE(whole.has_question);
            EXPECT_TRUE(whole.edns.present);
            const Query broken =
                read_checked(header({.flags = flags, .answers = 1}) + asked + Bytes{0xff});
            EXPECT_EQ(broken.error, Rcode::NotImp);
        }
        EXPECT_EQ(read_checked(header({.flags = flags, .questions = 0})).error, Rcode::NotImp);
    }
}

TEST(Query, FormErrWithoutAQuestion) {
    struct Case {
        const char* what;
        Bytes packet;
    };
    const Bytes tail{0, 1, 0, 1};
    const Bytes label63 = Bytes{63} + Bytes(63, 'a');
    const Bytes long_front = label63 + label63 + label63;  // 192 octets
    const std::array cases{
        Case{"no question counted", header({.questions = 0})},
        Case{"a question not counted", header({.questions = 0}) + question("example.")},
        Case{"two questions", header({.questions = 2}) + question("a.") + question("b.")},
        Case{"65535 questions", header({.questions = 65535}) + question("a.")},
        Case{"nothing behind the header", header({})},
        Case{"pointer to itself", header({}) + Bytes{0xc0, 0x0c} + tail},
        Case{"pointer behind a label", header({}) + Bytes{1, 'a', 0xc0, 0x0c} + tail},
        Case{"pointer to the header", header({}) + Bytes{0xc0, 0x00} + tail},
        Case{"label type 01", header({}) + Bytes{0x41} + Bytes(65, 'a') + Bytes{0} + tail},
        Case{"label type 10", header({}) + Bytes{0x81} + Bytes(129, 'a') + Bytes{0} + tail},
        Case{"label of 64", header({}) + Bytes{64} + Bytes(64, 'a') + Bytes{0} + tail},
        Case{"name of 256", header({}) + long_front + Bytes{62} + Bytes(62, 'a') + Bytes{0} + tail},
        Case{"128 labels", header({}) +
                               [] {
                                   Bytes name;
                                   for (int i = 0; i < 128; ++i) {
                                       name = name + Bytes{1, 'a'};
                                   }
                                   return name;
                               }() +
                               Bytes{0} + tail},
        Case{"no end of the name", header({}) + Bytes{7} + bytes_of("example")},
        Case{"no type", header({}) + Bytes{1, 'a', 0}},
        Case{"half a type", header({}) + Bytes{1, 'a', 0, 0}},
        Case{"no class", header({}) + Bytes{1, 'a', 0, 0, 1}},
        Case{"half a class", header({}) + Bytes{1, 'a', 0, 0, 1, 0}},
    };
    for (const Case& bad : cases) {
        const Query query = read_checked(bad.packet);
        EXPECT_TRUE(query.deserves_reply) << bad.what;
        EXPECT_EQ(query.error, Rcode::FormErr) << bad.what;
        EXPECT_FALSE(query.has_question) << bad.what;
        EXPECT_EQ(query.question_end, 12) << bad.what;
    }
}

TEST(Query, FormErrBehindAWholeQuestion) {
    struct Case {
        const char* what;
        Bytes packet;
        bool has_opt = false;
    };
    const Bytes asked = question("www.example.");
    const auto with = [&](std::uint16_t count, const Bytes& records) {
        return header({.additionals = count}) + asked + records;
    };
    const Bytes a = record({0xc0, 0x0c}, Type::A, {192, 0, 2, 1});
    const Bytes named_opt = Bytes{1, 'x'} + opt({});
    const Bytes pointed_opt = record({0xc0, 0x18}, Type::OPT, {});
    const Bytes long_owner = Bytes{63} + Bytes(63, 'a') + Bytes{63} + Bytes(63, 'a') + Bytes{63} +
                             Bytes(63, 'a') + Bytes{63} + Bytes(63, 'a') + Bytes{0};
    const std::array cases{
        Case{"an answer", header({.answers = 1}) + asked + a},
        Case{"answers counted only", header({.answers = 65535}) + asked},
        Case{"an authority", header({.authorities = 1}) + asked + a},
        Case{"authorities counted only", header({.authorities = 1}) + asked},
        Case{"one octet behind", header({}) + asked + Bytes{0}},
        Case{"a record not counted", header({}) + asked + a},
        Case{"an OPT not counted", header({}) + asked + opt({})},
        Case{"an octet behind OPT", with(1, opt({}) + Bytes{0}), true},
        Case{"a record counted only", with(1, {})},
        Case{"65535 records counted", with(65535, opt({})), true},
        Case{"RDLENGTH past the end", with(1, Bytes{0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4})},
        Case{"OPT's RDLENGTH past the end", with(1, Bytes{0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 1})},
        Case{"record without RDLENGTH", with(1, Bytes{0, 0, 1, 0, 1, 0, 0, 0, 0})},
        Case{"owner cut", with(1, Bytes{5, 'a'})},
        Case{"owner with half a pointer", with(1, Bytes{0xc0})},
        Case{"owner with label type 01",
             with(1, record(Bytes{0x41} + Bytes(65, 'a') + Bytes{0}, Type::A, {}))},
        Case{"owner with label type 10",
             with(1, record(Bytes{0x81} + Bytes(129, 'a') + Bytes{0}, Type::A, {}))},
        Case{"owner of 257 octets", with(1, record(long_owner, Type::A, {}))},
        Case{"two OPT", with(2, opt({}) + opt({})), true},
        Case{"two OPT, a record between", with(3, opt({}) + a + opt({})), true},
        Case{"OPT with a name", with(1, named_opt), true},
        Case{"OPT with a pointer", with(1, pointed_opt), true},
        Case{"option cut in its code", with(1, opt({.options = {0}})), true},
        Case{"option cut in its length", with(1, opt({.options = {0, 9, 0}})), true},
        Case{"option overruns", with(1, opt({.options = {0, 9, 0, 2, 1}})), true},
        Case{"one octet behind options", with(1, opt({.options = option(9, {}) + Bytes{0}})), true},
    };
    for (const Case& bad : cases) {
        const Query query = read_checked(bad.packet);
        EXPECT_EQ(query.error, Rcode::FormErr) << bad.what;
        EXPECT_TRUE(query.has_question) << bad.what;
        EXPECT_EQ(query.edns.present, bad.has_opt) << bad.what;
    }
}

TEST(Query, BadVersAboveVersion0) {
    for (unsigned version = 1; version < 256; ++version) {
        const Query query =
            read_checked(edns_query("example.", {.version = static_cast<std::uint8_t>(version)}));
        EXPECT_EQ(query.error, Rcode::BadVers);
        EXPECT_EQ(query.edns.version, version);
    }
    EXPECT_EQ(read_checked(edns_query("example.", {.version = 1}, Type::AXFR)).error,
              Rcode::BadVers);
}

TEST(Query, RefusesOtherClassesAndMetaTypes) {
    for (unsigned qclass : {0u, 2u, 3u, 4u, 254u, 255u, 65535u}) {
        EXPECT_EQ(
            read_checked(header({}) + question("example.", Type::A, static_cast<Class>(qclass)))
                .error,
            Rcode::Refused);
    }
    for (unsigned type : {0u, 41u, 128u, 249u, 250u, 251u, 252u, 253u, 254u}) {
        EXPECT_EQ(read_checked(plain_query("example.", static_cast<Type>(type))).error,
                  Rcode::Refused)
            << type;
    }
    for (const Type type : {Type::ANY, Type::RRSIG, static_cast<Type>(65534)}) {
        EXPECT_EQ(read_checked(plain_query("example.", type)).error, Rcode::NoError);
    }
}

TEST(Query, OtherFlagsAndOptionsChangeNothing) {
    for (unsigned bit = 0; bit < 16; ++bit) {
        const auto flags = static_cast<std::uint16_t>(1u << bit);
        if ((flags & 0xf800) != 0) { continue; }  // QR and the opcode
        EXPECT_EQ(read_checked(header({.flags = flags}) + question("example.")).error,
                  Rcode::NoError)
            << bit;
    }
    Bytes options;
    for (const std::uint16_t code : std::array<std::uint16_t, 6>{0, 3, 9, 10, 15, 65535}) {
        options = options + option(code, Bytes(code % 7, 0xff));
    }
    const Query query = read_checked(edns_query("example.", {.options = options + options}));
    EXPECT_EQ(query.error, Rcode::NoError);
    EXPECT_FALSE(query.edns.client_subnet.present);
}

TEST(Query, NamesAtTheLimitAreRead) {
    const std::string front =
        std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + ".";
    for (const std::size_t last : {59u, 60u, 61u}) {
        const Query query = read_checked(plain_query(front + std::string(last, 'D')));
        EXPECT_EQ(query.error, Rcode::NoError);
        EXPECT_EQ(query.name_octets, 194 + last);
        EXPECT_EQ(text_of_name(query), front + std::string(last, 'd') + ".");
    }
    std::string many;
    for (int i = 0; i < 127; ++i) {
        many += "A.";
    }
    const Query query = read_checked(plain_query(many));
    EXPECT_EQ(query.error, Rcode::NoError);
    EXPECT_EQ(query.label_count, 127);
    EXPECT_EQ(query.name_octets, 255);
}

TEST(Query, LongStreamMessagesAreReadToTheirEnd) {
    Bytes records;
    std::uint16_t count = 0;
    const Bytes one = record({1, 'x', 0xc0, 0x0c}, Type::TXT, {});
    while (records.size() + 2 * one.size() < 65'000) {
        records = records + one;
        ++count;
    }
    const auto message = [&](std::uint16_t counted) {
        return header({.additionals = counted}) + question("example.") + records;
    };
    EXPECT_EQ(read_checked(message(count), Transport::Stream).error, Rcode::NoError);
    EXPECT_EQ(read_checked(message(static_cast<std::uint16_t>(count + 1)), Transport::Stream).error,
              Rcode::FormErr);
    EXPECT_EQ(read_checked(message(static_cast<std::uint16_t>(count - 1)), Transport::Stream).error,
              Rcode::FormErr);
}

TEST(Query, EveryPrefixOfAGoodQueryIsHandled) {
    for (const Bytes& whole : valid_queries()) {
        ASSERT_EQ(read_checked(whole).error, Rcode::NoError);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const Query query =
                read_checked({whole.begin(), whole.begin() + static_cast<long>(length)});
            EXPECT_EQ(query.deserves_reply, length >= 12) << length;
            EXPECT_EQ(query.error, length >= 12 ? Rcode::FormErr : Rcode::NoError) << length;
        }
    }
}

TEST(Query, EveryChangeOfOneOctetIsHandled) {
    for (const Bytes& whole : valid_queries()) {
        for (std::size_t offset = 0; offset < whole.size(); ++offset) {
            Bytes changed = whole;
            for (unsigned value = 0; value < 256; ++value) {
                changed[offset] = static_cast<std::uint8_t>(value);
                const Query query = read_checked(changed);  // which checks what must hold
                ASSERT_EQ(query.deserves_reply, (changed[2] & 0x80) == 0);
            }
        }
    }
}

TEST(Query, WhatASlotHeldBeforeDoesNotMatter) {
    std::vector<Bytes> packets = valid_queries();
    packets.push_back({});
    packets.push_back(header({}) + Bytes{3, 'a'});
    packets.push_back(edns_query("example.", {.version = 3, .flags = 0x8000}));
    for (const Bytes& before : packets) {
        for (const Bytes& packet : packets) {
            Query used;
            read_query(before, Transport::Stream, used);
            read_query(packet, Transport::Udp, used);
            Query fresh;
            read_query(packet, Transport::Udp, fresh);
            EXPECT_EQ(used.deserves_reply, fresh.deserves_reply);
            EXPECT_EQ(used.error, fresh.error);
            EXPECT_EQ(used.has_question, fresh.has_question);
            EXPECT_EQ(used.type, fresh.type);
            EXPECT_EQ(used.qclass, fresh.qclass);
            EXPECT_TRUE(std::ranges::equal(used.name_wire(), fresh.name_wire()));
            EXPECT_EQ(used.label_count, fresh.label_count);
            EXPECT_EQ(used.question_end, fresh.question_end);
            EXPECT_EQ(used.limit_octets, fresh.limit_octets);
            EXPECT_EQ(used.edns.present, fresh.edns.present);
            EXPECT_EQ(used.edns.dnssec_ok, fresh.edns.dnssec_ok);
            EXPECT_EQ(used.edns.version, fresh.edns.version);
            EXPECT_EQ(used.edns.udp_octets, fresh.edns.udp_octets);
            EXPECT_EQ(used.edns.client_subnet.present, fresh.edns.client_subnet.present);
            if (!fresh.edns.client_subnet.present) { continue; }  // the rest means nothing then
            EXPECT_EQ(used.edns.client_subnet.address, fresh.edns.client_subnet.address);
            EXPECT_EQ(used.edns.client_subnet.source_bits, fresh.edns.client_subnet.source_bits);
        }
    }
}

}  // namespace
}  // namespace meridian::dns
