// Reads a query out of the octets of a packet, which may hold anything.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/dns/edns.h"
#include "meridian/dns/types.h"
#include "meridian/limits.h"

namespace meridian::dns {

/// What carried the packet; it decides how long an answer may be.
enum class Transport : std::uint8_t { Udp, Stream };

/// One query, read. A large value, made once per slot of a batch and filled again and again; it
/// holds no pointer into the packet.
struct Query {
    /// False for a packet that gets no reply: under 12 octets, or QR set (CVE-2004-0789: two
    /// servers would answer each other for ever).
    bool deserves_reply = false;
    /// Whether a question was read whole; else the reply carries none (QDCOUNT 0).
    bool has_question = false;
    /// Not NoError: answer with this and nothing else. FORMERR, NOTIMP, REFUSED or BADVERS.
    Rcode error = Rcode::NoError;

    Type type{};
    Class qclass{};
    std::uint8_t name_octets = 0;                ///< Length of QNAME with the root label: 1-255.
    std::uint8_t label_count = 0;                ///< 0 for the root.
    std::uint16_t question_end = kHeaderOctets;  ///< Where the answer section begins.
    std::uint16_t limit_octets = kMinUdpOctets;  ///< What the client takes: 512 to 1232 over UDP.
    Edns edns;
    /// QNAME in lower case, uncompressed. Octets beyond `name_octets` are stale.
    std::array<std::uint8_t, kMaxNameOctets + 1> name{};

    [[nodiscard]] std::span<const std::uint8_t> name_wire() const {
        return {name.data(), name_octets};
    }
};

/// Fills `query` from the packet. Never allocates, never throws, reads each octet at most a few
/// times, follows no compression pointer. Each packet has exactly one outcome:
///
/// - silence: under 12 octets, or QR set
/// - NOTIMP: an opcode other than QUERY (RFC 8906 §3.1.4)
/// - FORMERR: QDCOUNT other than 1 (RFC 9619); ANCOUNT or NSCOUNT above 0, save the SOA of an IXFR
///   question (RFC 1995 §3); QNAME cut, over 255 octets, compressed or with label types 01 and 10;
///   records that do not fit; octets after the last counted record; two OPT (RFC 6891 §6.1.1); OPT
///   whose owner is not the root; options that overrun; an ECS option that is malformed in any way
///   of RFC 7871 §6 and §7.1.2 (family neither 1 nor 2, SCOPE not 0, SOURCE over the family's
///   width, too few or too many address octets, bits set beyond SOURCE)
/// - BADVERS: EDNS version above 0 (RFC 6891 §6.1.3), whatever its options hold
/// - REFUSED: class other than IN; QTYPE AXFR, IXFR and the other meta types save ANY
///
/// Where several apply, the first of: silence, NOTIMP, FORMERR, BADVERS, REFUSED. `edns` then holds
/// what was sent, as far as it could be read; the client subnet is present for NOERROR and REFUSED
/// alone, so that no other error echoes it.
void read_query(std::span<const std::uint8_t> packet, Transport transport, Query& query);

}  // namespace meridian::dns
