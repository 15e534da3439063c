// States what is true of every packet that was read as a query, whatever it contained.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "meridian/bytes.h"
#include "meridian/dns/answer_writer.h"
#include "meridian/dns/query.h"

namespace meridian::dns {

/// The promise that `query`, read from `packet`, breaks; null when it breaks none.
inline const char* broken_promise(std::span<const std::uint8_t> packet, Transport transport,
                                  const Query& query) {
    const auto name = query.name_wire();
    if (name.empty() || name.size() > kMaxNameOctets) { return "length of QNAME"; }
    if (name.back() != 0) { return "QNAME ends in the root label"; }
    std::size_t offset = 0;
    for (std::size_t i = 0; i < query.label_count; ++i) {
        offset += 1u + name[offset];
    }
    if (offset + 1 != name.size()) { return "label count"; }
    if (std::any_of(name.begin(), name.end(), [](auto o) { return o >= 'A' && o <= 'Z'; })) {
        return "QNAME in lower case";
    }
    if (!query.deserves_reply) {
        const bool is_silent = packet.size() < kHeaderOctets || (packet[2] & 0x80) != 0;
        return is_silent ? nullptr : "silence only for fragments and responses";
    }
    if (query.question_end > packet.size()) { return "question inside the packet"; }
    const std::size_t expected_end =
        query.has_question ? kHeaderOctets + name.size() + 4 : kHeaderOctets;
    if (query.question_end != expected_end) { return "end of the question"; }
    if (transport == Transport::Stream && query.limit_octets != kMaxTcpOctets) {
        return "limit of a stream";
    }
    if (transport == Transport::Udp &&
        (query.limit_octets < kMinUdpOctets || query.limit_octets > kMaxUdpOctets)) {
        return "limit over UDP";
    }
    if (query.error == Rcode::NoError && !query.has_question) { return "question of an answer"; }
    if (query.error == Rcode::BadVers && !query.edns.present) { return "OPT of BADVERS"; }
    const ClientSubnet& subnet = query.edns.client_subnet;
    if (!subnet.present) { return nullptr; }
    if (!query.edns.present) { return "client subnet only inside OPT"; }
    if (query.error != Rcode::NoError && query.error != Rcode::Refused) {
        return "no client subnet beside an error that says something was not understood";
    }
    if (subnet.source_bits > subnet.address.width()) { return "width of SOURCE"; }
    if (subnet.address.masked(subnet.source_bits) != subnet.address) { return "bits past SOURCE"; }
    return nullptr;
}

/// Answers the packet with the error that was found, in a buffer of exactly the limit. Returns the
/// fault of the reply; null when there is none. Expects a query that deserves a reply.
inline const char* broken_reply(std::span<const std::uint8_t> packet, const Query& query) {
    const std::size_t copied = std::min<std::size_t>(packet.size(), query.limit_octets);
    std::vector<std::uint8_t> buffer(query.limit_octets);
    std::copy_n(packet.begin(), copied, buffer.begin());
    AnswerWriter writer(query, buffer, answer_opt_octets(query.edns));
    const std::size_t octets = writer.finish(query.error);
    if (octets > query.limit_octets) { return "reply within the limit"; }
    const std::size_t subnet_octets =
        query.edns.client_subnet.present
            ? 8 + (query.edns.client_subnet.source_bits + std::size_t{7}) / 8
            : 0;
    const std::size_t opt_octets = query.edns.present ? 11 + subnet_octets : 0;
    if (octets != query.question_end + opt_octets) { return "reply of question and OPT"; }
    if (buffer[0] != packet[0] || buffer[1] != packet[1]) { return "ID as it came"; }
    if (!std::equal(packet.begin() + kHeaderOctets, packet.begin() + query.question_end,
                    buffer.begin() + kHeaderOctets)) {
        return "question as it came";
    }
    if ((buffer[2] & 0x80) == 0) { return "QR set"; }
    if ((buffer[2] & 0x79) != (packet[2] & 0x79)) { return "opcode and RD as they came"; }
    if ((buffer[2] & 0x06) != 0) { return "AA and TC clear"; }
    if (buffer[3] != (static_cast<unsigned>(query.error) & 15)) { return "RA, Z, AD, CD clear"; }
    if (load_u16(buffer, 4) != (query.has_question ? 1 : 0)) { return "QDCOUNT"; }
    if (load_u32(buffer, 6) != 0) { return "ANCOUNT and NSCOUNT"; }
    if (load_u16(buffer, 10) != (query.edns.present ? 1 : 0)) { return "ARCOUNT"; }
    return nullptr;
}

}  // namespace meridian::dns
