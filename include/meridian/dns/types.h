// Names the numbers of the DNS: types, classes, opcodes, response codes, sections.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meridian::dns {

/// An RR type (IANA registry "Resource Record (RR) TYPEs"). Any 16-bit value may occur; the named
/// ones are those that our own code treats by name.
enum class Type : std::uint16_t {
    A = 1,
    NS = 2,
    CNAME = 5,
    SOA = 6,
    PTR = 12,
    HINFO = 13,
    MX = 15,
    TXT = 16,
    AAAA = 28,
    SRV = 33,
    DNAME = 39,
    OPT = 41,
    DS = 43,
    RRSIG = 46,
    NSEC = 47,
    DNSKEY = 48,
    SVCB = 64,
    HTTPS = 65,
    SPF = 99,
    TKEY = 249,
    TSIG = 250,
    IXFR = 251,
    AXFR = 252,
    ANY = 255,
    CAA = 257,
};

enum class Class : std::uint16_t { IN = 1, CH = 3, HS = 4, NONE = 254, ANY = 255 };

enum class Opcode : std::uint8_t { Query = 0, IQuery = 1, Status = 2, Notify = 4, Update = 5 };

/// Response codes; those above 15 need EDNS for their upper bits (RFC 6891 §6.1.3).
enum class Rcode : std::uint16_t {
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NXDomain = 3,
    NotImp = 4,
    Refused = 5,
    YXDomain = 6,  // a name too long after DNAME (RFC 6672 §2.2)
    BadVers = 16,
};

/// Sections of a message in wire order; the question never moves.
enum class Section : std::uint8_t { Answer, Authority, Additional };

/// Reads a mnemonic ("AAAA", any case) or RFC 3597's "TYPE65534". Knows every data type that ldns
/// knows, and the meta types too, so that callers can refuse those by name.
std::optional<Type> type_from_text(std::string_view text);

/// The mnemonic, or "TYPE65534" (RFC 3597 §5).
std::string type_to_text(Type type);

/// Whether records of the type can stand in a zone: not OPT, TKEY, TSIG, IXFR, AXFR, MAILA, MAILB,
/// ANY, TYPE0, nor the rest of the range 128-255, which is reserved for questions (RFC 6895 §3.1).
constexpr bool is_data_type(Type type) {
    const auto number = static_cast<std::uint16_t>(type);
    return number != 0 && type != Type::OPT && (number < 128 || number > 255);
}

std::string rcode_to_text(Rcode rcode);

}  // namespace meridian::dns
