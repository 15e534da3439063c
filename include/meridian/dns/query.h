// Reads a query out of the bytes of a packet, which may hold anything.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/dns/types.h"
#include "meridian/ip_prefix.h"
#include "meridian/limits.h"

namespace meridian::dns {

/// What carried the packet; decides how long an answer may be.
enum class Transport : std::uint8_t { Udp, Stream };

/// The EDNS Client Subnet option of a query (RFC 7871 §6). These values are all that it says: no
/// other octets spell them, so the exact echo (§7.2.1) is made from them.
struct ClientSubnet {
    bool present = false;          ///< Else the rest is stale.
    std::uint8_t source_bits = 0;  ///< SOURCE PREFIX-LENGTH: 0-32 or 0-128.
    IpAddress address;             ///< Bits beyond SOURCE are zero.

    /// As many octets of ADDRESS as SOURCE needs are sent, 0-16.
    [[nodiscard]] std::size_t address_octets() const { return (source_bits + 7u) / 8; }
};

/// The OPT record of a query (RFC 6891).
struct Edns {
    bool present = false;
    bool dnssec_ok = false;        ///< DO, RFC 3225.
    std::uint8_t version = 0;      ///< Above 0 the query's error is BADVERS.
    std::uint16_t udp_octets = 0;  ///< As advertised, not raised to 512.
    ClientSubnet client_subnet;    ///< The first one; a second is ignored.
};

/// One query, read. A large value that is made once per slot of a batch and filled again and
/// again; nothing in it points into the packet.
struct Query {
    /// False for what gets silence: under 12 octets, or QR set (CVE-2004-0789: endless ping-pong).
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
/// times, follows no compression pointer. One packet, one outcome:
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
/// Where several apply the first of: silence, NOTIMP, FORMERR, BADVERS, REFUSED. `edns` says in all
/// of them what was sent, as far as it could be found; the client subnet stands there for NOERROR
/// and REFUSED alone, so that no other error echoes it.
void read_query(std::span<const std::uint8_t> packet, Transport transport, Query& query);

}  // namespace meridian::dns
