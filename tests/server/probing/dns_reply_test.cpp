// Checks which replies of nameservers pass, and how the others are named.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/dns_reply.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "meridian/bytes.h"
#include "meridian/dns/reply.h"

namespace meridian::server {
namespace {

using Octets = std::vector<std::uint8_t>;

zones::DnsQuestion question(dns::Type type, const std::string& answer = "") {
    return {.name = dns::Name::parse_absolute("www.beigel.example").value(),
            .type = type,
            .answer = answer};
}

Octets message_of(const zones::DnsQuestion& asked) {
    return dns::question_message(7, asked.name, asked.type);
}

struct Answer {
    dns::Type type;
    Octets rdata;
};

Octets reply_to(const zones::DnsQuestion& asked, const std::vector<Answer>& answers = {},
                dns::Rcode rcode = dns::Rcode::NoError, bool truncated = false) {
    Octets octets = message_of(asked);
    octets[2] |= truncated ? 0x82 : 0x80;
    octets[3] = static_cast<std::uint8_t>(rcode);
    octets[7] = static_cast<std::uint8_t>(answers.size());
    for (const Answer& answer : answers) {
        Octets record{0xc0, 12, 0, 0, 0, 1, 0, 0, 0, 60, 0, 0};
        store_u16(record, 2, static_cast<std::uint16_t>(answer.type));
        record[11] = static_cast<std::uint8_t>(answer.rdata.size());
        record.insert(record.end(), answer.rdata.begin(), answer.rdata.end());
        octets.insert(octets.end(), record.begin(), record.end());
    }
    return octets;
}

/// "passes", or the text of the failure.
std::string judged(const zones::DnsQuestion& asked, const Octets& packet) {
    const auto result = judge_dns_reply(packet, message_of(asked), asked);
    if (!result) { return "no reply"; }
    return result->passed() ? "passes" : result->text;
}

const Octets kFirst{192, 0, 2, 1};
const Octets kSecond{192, 0, 2, 2};

TEST(DnsReply, PassesWithTheCodeAloneWhereNoAnswerIsWanted) {
    zones::DnsQuestion asked = question(dns::Type::SOA);
    EXPECT_EQ(judged(asked, reply_to(asked)), "passes");
    EXPECT_EQ(judged(asked, reply_to(asked, {}, dns::Rcode::ServFail)), "SERVFAIL");
    asked.rcode = dns::Rcode::NXDomain;
    EXPECT_EQ(judged(asked, reply_to(asked, {}, dns::Rcode::NXDomain)), "passes");
    EXPECT_EQ(judged(asked, reply_to(asked)), "NOERROR");
}

TEST(DnsReply, LooksForTheAddressInAllRecordsOfTheType) {
    const auto asked = question(dns::Type::A, "192.0.2.2");
    EXPECT_EQ(judged(asked, reply_to(asked, {{dns::Type::A, kFirst}, {dns::Type::A, kSecond}})),
              "passes");
    EXPECT_EQ(judged(asked, reply_to(asked, {{dns::Type::A, kFirst}})), "answer is 192.0.2.1");
    EXPECT_EQ(judged(asked, reply_to(asked, {{dns::Type::TXT, {1, 'a'}}})), "no A in the answer");
    EXPECT_EQ(judged(asked, reply_to(asked, {{dns::Type::A, {192, 0, 2}}})), "no A in the answer");
    EXPECT_EQ(judged(asked, reply_to(asked, {}, dns::Rcode::NoError, true)), "reply is truncated");
}

TEST(DnsReply, ComparesAddressesOfIpv6AndTextsInOne) {
    const auto v6 = question(dns::Type::AAAA, "2001:db8::1");
    const Octets rdata{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    EXPECT_EQ(judged(v6, reply_to(v6, {{dns::Type::AAAA, rdata}})), "passes");
    const auto text = question(dns::Type::TXT, "all is well");
    const Octets well{4, 'a', 'l', 'l', ' ', 7, 'i', 's', ' ', 'w', 'e', 'l', 'l'};
    EXPECT_EQ(judged(text, reply_to(text, {{dns::Type::TXT, well}})), "passes");
    EXPECT_EQ(judged(text, reply_to(text, {{dns::Type::TXT, {200, 'a', '\x1b'}}})),
              "answer is a\\u001b");
}

TEST(DnsReply, SaysWhatIsNoMessageAndPassesOverWhatIsNoReply) {
    const auto asked = question(dns::Type::A, "192.0.2.1");
    Octets cut = reply_to(asked, {{dns::Type::A, kFirst}});
    cut.pop_back();
    EXPECT_EQ(judged(asked, cut), "a reply that is no DNS message");
    EXPECT_EQ(judged(asked, message_of(asked)), "no reply");
    EXPECT_EQ(judged(asked, {}), "no reply");
}

}  // namespace
}  // namespace meridian::server
