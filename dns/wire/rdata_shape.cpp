// Holds the table of RDATA fields, which reader, check, printer and diagnostics use.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/rdata_shape.h"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace meridian::dns {
namespace {

using enum FieldKind;

constexpr Type type_number(unsigned number) {
    return static_cast<Type>(number);
}

// Left out on purpose, because implementations do not agree on a text form: NULL (10), NXT (30), A6
// (38), UINFO, UID, GID and UNSPEC (100-103). RFC 3597's form serves them.
constexpr Shape kShapes[] = {
    {Type::A, "192.0.2.1", {{Ipv4, "address"}}},
    {Type::NS, "ns1", {{Name, "nameserver"}}},
    {type_number(3), "mail", {{Name, "agent"}}},  // MD
    {type_number(4), "mail", {{Name, "agent"}}},  // MF
    {Type::CNAME, "www.cdn.example.", {{Name, "target"}}},
    {Type::SOA,
     "ns1 hostmaster 2026112201 2h 15m 2w 60",
     {{Name, "primary"},
      {Name, "contact"},
      {U32, "serial"},
      {Period, "refresh"},
      {Period, "retry"},
      {Period, "expire"},
      {Period, "minimum"}}},
    {type_number(7), "host", {{Name, "host"}}},                                          // MB
    {type_number(8), "member", {{Name, "member"}}},                                      // MG
    {type_number(9), "newname", {{Name, "newname"}}},                                    // MR
    {type_number(11), "192.0.2.1 tcp 25 53", {{Ipv4, "address"}, {Services, "ports"}}},  // WKS
    {Type::PTR, "host.example.", {{Name, "target"}}},
    {Type::HINFO, "\"AMD64\" \"Linux\"", {{String, "cpu"}, {String, "os"}}},
    {type_number(14), "owner errors", {{Name, "responsible"}, {Name, "errors"}}},  // MINFO
    {Type::MX, "10 mail", {{U16, "preference"}, {Name, "exchange"}}},
    {Type::TXT, "\"first string\" \"second\"", {{Strings, "text"}}},
    {type_number(17), "admin.people about.people", {{Name, "mailbox"}, {Name, "text"}}},  // RP
    {type_number(18), "1 afsdb", {{U16, "subtype"}, {Name, "host"}}},                     // AFSDB
    {type_number(19), "311061700956", {{Digits, "address"}}},                             // X25
    {type_number(20),
     "150862028003217 004",
     {{String, "address"}, {OptionalString, "subaddress"}}},               // ISDN
    {type_number(21), "10 relay", {{U16, "preference"}, {Name, "host"}}},  // RT
    {type_number(22), "0x47.0005.80.005a00", {{Nsap, "address"}}},         // NSAP
    {type_number(23), "host.example.", {{Name, "owner"}}},                 // NSAP-PTR
    {type_number(24),
     "NXT 5 3 3600 20261201000000 20261101000000 2642 @ AQID",
     {{TypeCode, "covered"},
      {Algorithm, "algorithm"},
      {U8, "labels"},
      {Period, "original-ttl"},
      {Time, "expiration"},
      {Time, "inception"},
      {U16, "key-tag"},
      {Name, "signer"},
      {Base64, "signature"}}},  // SIG
    {type_number(25),
     "256 3 5 AQID",
     {{U16, "flags"}, {U8, "protocol"}, {Algorithm, "algorithm"}, {OptionalBase64, "key"}}},  // KEY
    {type_number(26),
     "10 net2 o-ab.prmd",
     {{U16, "preference"}, {Name, "map822"}, {Name, "mapx400"}}},  // PX
    {type_number(27),
     "-32.6882 116.8652 10.0",
     {{Degrees, "longitude"}, {Degrees, "latitude"}, {Decimal, "altitude"}}},  // GPOS
    {Type::AAAA, "2001:db8::1", {{Ipv6, "address"}}},
    {type_number(29), "52 22 23 N 4 53 32 E -2m", {{Location, "location"}}},  // LOC
    {type_number(31), "e32c6f78163a9348", {{Hex, "identifier"}}},             // EID
    {type_number(32), "32251a030067", {{Hex, "locator"}}},                    // NIMLOC
    {Type::SRV,
     "10 5 5060 sip1",
     {{U16, "priority"}, {U16, "weight"}, {U16, "port"}, {Name, "target"}}},
    {type_number(34), "+61200000000", {{AtmAddress, "address"}}},  // ATMA
    {type_number(35),
     "100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:info@example!\" .",
     {{U16, "order"},
      {U16, "preference"},
      {String, "flags"},
      {String, "service"},
      {String, "regexp"},
      {Name, "replacement"}}},                                                      // NAPTR
    {type_number(36), "10 exchanger", {{U16, "preference"}, {Name, "exchanger"}}},  // KX
    {type_number(37),
     "PKIX 1 8 AQID",
     {{CertificateType, "certificate-type"},
      {U16, "key-tag"},
      {Algorithm, "algorithm"},
      {Base64, "certificate"}}},  // CERT
    {Type::DNAME, "other.example.", {{Name, "target"}}},
    {type_number(40),
     "1 1 AQID",
     {{U8, "coding"}, {U8, "subcoding"}, {OptionalBase64, "data"}}},                        // SINK
    {type_number(42), "1:192.0.2.0/24 !2:2001:db8::/32", {{AddressPrefixes, "prefixes"}}},  // APL
    {Type::DS,
     "60485 13 2 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a",
     {{U16, "key-tag"}, {Algorithm, "algorithm"}, {U8, "digest-type"}, {Hex, "digest"}}},
    {type_number(44),
     "4 2 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a",
     {{U8, "algorithm"}, {U8, "fingerprint-type"}, {Hex, "fingerprint"}}},  // SSHFP
    {type_number(45),
     "10 1 2 192.0.2.38 AQID",
     {{U8, "precedence"},
      {IpsecGateway, "gateway-type algorithm gateway"},
      {OptionalBase64, "key"}}},  // IPSECKEY
    {Type::RRSIG,
     "A 13 3 1h 20261201000000 20261101000000 2642 @ AQID",
     {{TypeCode, "covered"},
      {Algorithm, "algorithm"},
      {U8, "labels"},
      {Period, "original-ttl"},
      {Time, "expiration"},
      {Time, "inception"},
      {U16, "key-tag"},
      {Name, "signer"},
      {Base64, "signature"}}},
    {Type::NSEC, "host A MX RRSIG NSEC", {{Name, "next"}, {TypeBitmap, "types"}}},
    {Type::DNSKEY,
     "257 3 13 AQID",
     {{U16, "flags"}, {U8, "protocol"}, {Algorithm, "algorithm"}, {Base64, "key"}}},
    {type_number(49),
     "AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=",
     {{Base64, "identifier"}}},  // DHCID
    {type_number(50),
     "1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr A RRSIG",
     {{U8, "hash-algorithm"},
      {U8, "flags"},
      {U16, "iterations"},
      {Salt, "salt"},
      {HashedName, "next-hashed"},
      {TypeBitmap, "types"}}},  // NSEC3
    {type_number(51),
     "1 0 0 -",
     {{U8, "hash-algorithm"}, {U8, "flags"}, {U16, "iterations"}, {Salt, "salt"}}},  // NSEC3PARAM
    {type_number(52),
     "3 1 1 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a",
     {{TlsaUsage, "usage"},
      {TlsaSelector, "selector"},
      {TlsaMatching, "matching-type"},
      {Hex, "association"}}},  // TLSA
    {type_number(53),
     "3 1 1 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a",
     {{TlsaUsage, "usage"},
      {TlsaSelector, "selector"},
      {TlsaMatching, "matching-type"},
      {Hex, "association"}}},  // SMIMEA
    {type_number(55),
     "2 200100107b1a74df365639cc39f1d578 AQID rvs",
     {{HostIdentity, "algorithm hit key"}, {Names, "servers"}}},  // HIP
    {type_number(56), "\"zone status\"", {{Strings, "text"}}},    // NINFO
    {type_number(57),
     "0 1 1 AQID",
     {{U16, "flags"}, {U8, "protocol"}, {Algorithm, "algorithm"}, {Base64, "key"}}},  // RKEY
    {type_number(58), "previous next", {{Name, "previous"}, {Name, "next"}}},         // TALINK
    {type_number(59),
     "60485 13 2 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a",
     {{U16, "key-tag"}, {Algorithm, "algorithm"}, {U8, "digest-type"}, {Hex, "digest"}}},  // CDS
    {type_number(60),
     "257 3 13 AQID",
     {{U16, "flags"}, {U8, "protocol"}, {Algorithm, "algorithm"}, {Base64, "key"}}},  // CDNSKEY
    {type_number(61), "AQID", {{Base64, "key"}}},                                     // OPENPGPKEY
    {type_number(62),
     "2026112201 3 A NS AAAA",
     {{U32, "serial"}, {U16, "flags"}, {TypeBitmap, "types"}}},  // CSYNC
    {type_number(63),
     "2026112201 1 1 "
     "febe3d4ce2ec2ffa4ba99d46cd69d6d29711e55217057bee7eb1a7b641a47ba7fed2dd5b97ae499fafa4f22c6bd64"
     "7de",
     {{U32, "serial"}, {U8, "scheme"}, {U8, "hash-algorithm"}, {Hex, "digest"}}},  // ZONEMD
    {Type::SVCB,
     "1 svc alpn=h2 port=8443",
     {{U16, "priority"}, {Name, "target"}, {ServiceParameters, "parameters"}}},
    {Type::HTTPS,
     "1 . alpn=h2,h3",
     {{U16, "priority"}, {Name, "target"}, {ServiceParameters, "parameters"}}},
    {Type::SPF, "\"v=spf1 -all\"", {{Strings, "text"}}},
    {type_number(104), "10 14:4fff:ff20:ee64", {{U16, "preference"}, {Locator64, "node"}}},  // NID
    {type_number(105), "10 10.1.2.0", {{U16, "preference"}, {Ipv4, "locator"}}},             // L32
    {type_number(106),
     "10 2001:db8:1140:1000",
     {{U16, "preference"}, {Locator64, "locator"}}},                               // L64
    {type_number(107), "10 l64-subnet", {{U16, "preference"}, {Name, "target"}}},  // LP
    {type_number(108), "00-00-5e-00-53-2a", {{Eui48, "address"}}},                 // EUI48
    {type_number(109), "00-00-5e-ef-10-00-00-2a", {{Eui64, "address"}}},           // EUI64
    {type_number(256),
     "10 1 \"https://www.example/\"",
     {{U16, "priority"}, {U16, "weight"}, {LongTarget, "target"}}},  // URI
    {Type::CAA, "0 issue \"ca.example\"", {{U8, "flags"}, {Tag, "tag"}, {LongString, "value"}}},
    {type_number(258), "\"app-name:www\"", {{Strings, "text"}}},  // AVC
    {type_number(260),
     "10 0 1 192.0.2.1",
     {{U8, "precedence"}, {AmtRelay, "discovery relay-type relay"}}},  // AMTRELAY
    {type_number(32768),
     "60485 13 2 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a",
     {{U16, "key-tag"}, {Algorithm, "algorithm"}, {U8, "digest-type"}, {Hex, "digest"}}},  // TA
    {type_number(32769),
     "60485 13 2 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a",
     {{U16, "key-tag"}, {Algorithm, "algorithm"}, {U8, "digest-type"}, {Hex, "digest"}}},  // DLV
};

static_assert(std::is_sorted(std::begin(kShapes), std::end(kShapes),
                             [](const Shape& left, const Shape& right) {
                                 return left.type < right.type;
                             }));

}  // namespace

std::span<const Field> Shape::fields() const {
    std::size_t count = 0;
    while (count < kMaxRdataFields && field_list[count].kind != None) {
        ++count;
    }
    return {field_list, count};
}

std::span<const Shape> all_shapes() {
    return kShapes;
}

const Shape* find_shape(Type type) {
    const auto* const found =
        std::lower_bound(std::begin(kShapes), std::end(kShapes), type,
                         [](const Shape& shape, Type wanted) { return shape.type < wanted; });
    return found != std::end(kShapes) && found->type == type ? found : nullptr;
}

std::string expectation(const Shape& shape) {
    std::string text;
    for (const Field& field : shape.fields()) {
        if (!text.empty()) { text += ' '; }
        for (const char c : field.name) {
            text += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        }
    }
    // Single quotes are TOML's literal strings, so an operator can copy an example with quotes
    // unchanged.
    const char quote = shape.example.find('"') == std::string_view::npos ? '"' : '\'';
    text += ", such as ";
    text += quote;
    text += shape.example;
    return text + quote;
}

}  // namespace meridian::dns
