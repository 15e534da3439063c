// Lists the fields of which the RDATA of each type is made.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "meridian/dns/types.h"

namespace meridian::dns {

/// What a field holds: its text form, its length on the wire, and the values allowed.
enum class FieldKind : std::uint8_t {
    None,               ///< Ends the list.
    U8,                 ///< Decimal.
    U16,                ///< Decimal.
    U32,                ///< Decimal.
    Period,             ///< Seconds, or "1h30m"; 32 bits.
    Time,               ///< YYYYMMDDHHmmSS or seconds since 1970 (RFC 4034 §3.2).
    TypeCode,           ///< The mnemonic of an RR type.
    Algorithm,          ///< DNSSEC algorithm, number or mnemonic (RFC 4034 appendix A.1).
    CertificateType,    ///< Number or mnemonic (RFC 4398 §2.1).
    TlsaUsage,          ///< Number or mnemonic (RFC 7218 §2.1).
    TlsaSelector,       ///< Number or mnemonic (RFC 7218 §2.2).
    TlsaMatching,       ///< Number or mnemonic (RFC 7218 §2.3).
    Name,               ///< A domain name.
    Names,              ///< The rest: names, or none.
    Ipv4,               ///< Dotted quad.
    Ipv6,               ///< RFC 4291 text.
    String,             ///< One character-string (RFC 1035 §3.3).
    OptionalString,     ///< The last character-string, which may be left out.
    Strings,            ///< The rest: one character-string or more.
    Digits,             ///< A character-string of decimal digits (RFC 1183 §3.1).
    Decimal,            ///< A character-string that holds a decimal number (RFC 1712 §3).
    Degrees,            ///< The same, from -180 to 180.
    Tag,                ///< A character-string of letters and digits (RFC 8659 §4.1).
    LongString,         ///< The rest: text without a length in front (RFC 8659 §4.1.1).
    LongTarget,         ///< The same, never empty (RFC 7553 §4.4).
    Hex,                ///< The rest: hexadecimal digits, at least one octet.
    Base64,             ///< The rest: base64, at least one octet.
    OptionalBase64,     ///< The rest, or nothing.
    Salt,               ///< Hexadecimal behind its length; "-" is none (RFC 5155 §3.3).
    HashedName,         ///< base32hex behind its length (RFC 5155 §3.3).
    TypeBitmap,         ///< The rest: RR types (RFC 4034 §4.1.2).
    Location,           ///< All of LOC (RFC 1876 §3).
    AddressPrefixes,    ///< All of APL (RFC 3123 §5).
    Services,           ///< Protocol and ports (RFC 1035 §3.4.2).
    Nsap,               ///< Hexadecimal behind "0x", dots between (RFC 1706 §7).
    AtmAddress,         ///< "+" and digits, or hexadecimal with dots.
    IpsecGateway,       ///< Gateway type, algorithm, gateway (RFC 4025 §2.1).
    AmtRelay,           ///< Discovery bit, relay type, relay (RFC 8777 §4.2).
    HostIdentity,       ///< Algorithm, HIT, public key (RFC 8005 §5).
    Locator64,          ///< Four hexadecimal groups (RFC 6742 §2.1).
    Eui48,              ///< Six hexadecimal pairs (RFC 7043 §3.2).
    Eui64,              ///< Eight hexadecimal pairs (RFC 7043 §4.2).
    ServiceParameters,  ///< The rest: SvcParams (RFC 9460 §2.1).
};

struct Field {
    FieldKind kind = FieldKind::None;
    std::string_view name;  ///< As in the RFC, in lower case: "preference".
};

constexpr std::size_t kMaxRdataFields = 9;  // RRSIG has nine; FieldKind::None ends shorter lists

struct Shape {
    Type type;
    std::string_view example;  ///< RDATA that an operator might write.
    Field field_list[kMaxRdataFields];

    [[nodiscard]] std::span<const Field> fields() const;
};

/// Every type whose RDATA has a text form here, in rising order of its number.
std::span<const Shape> all_shapes();

/// Null for a type without a text form of its own, which RFC 3597's form serves.
const Shape* find_shape(Type type);

/// The hint of a diagnostic: `PREFERENCE EXCHANGE, such as "10 mail"`.
std::string expectation(const Shape& shape);

}  // namespace meridian::dns
