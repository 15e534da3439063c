// Reads the fields of RDATA that one rare type has for itself.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>

#include "dns/wire/rdata_faults.h"
#include "dns/wire/rdata_fields.h"
#include "dns/wire/rdata_ldns.h"
#include "dns/wire/rdata_number.h"
#include "meridian/ip_address.h"

namespace meridian::dns {
namespace {

constexpr std::size_t kAesaOctets = 20;  // an ATM end system address
constexpr std::size_t kMaxE164Digits = 15;
constexpr std::size_t kMaxNsapOctets = 255;
constexpr std::uint8_t kAesaFormat = 0;
constexpr std::uint8_t kE164Format = 1;

struct NamedNumber {
    std::string_view name;
    std::uint16_t number;
};
// Service names from the time of WKS. Not getservbyname: a zone must not depend on /etc/services.
constexpr std::array kServicePorts{
    NamedNumber{"tcpmux", 1},        NamedNumber{"rje", 5},
    NamedNumber{"echo", 7},          NamedNumber{"discard", 9},
    NamedNumber{"sink", 9},          NamedNumber{"null", 9},
    NamedNumber{"systat", 11},       NamedNumber{"users", 11},
    NamedNumber{"daytime", 13},      NamedNumber{"netstat", 15},
    NamedNumber{"qotd", 17},         NamedNumber{"quote", 17},
    NamedNumber{"chargen", 19},      NamedNumber{"ttytst", 19},
    NamedNumber{"ftp-data", 20},     NamedNumber{"ftp", 21},
    NamedNumber{"ssh", 22},          NamedNumber{"telnet", 23},
    NamedNumber{"smtp", 25},         NamedNumber{"mail", 25},
    NamedNumber{"time", 37},         NamedNumber{"timserver", 37},
    NamedNumber{"rlp", 39},          NamedNumber{"nameserver", 42},
    NamedNumber{"name", 42},         NamedNumber{"whois", 43},
    NamedNumber{"nicname", 43},      NamedNumber{"tacacs", 49},
    NamedNumber{"re-mail-ck", 50},   NamedNumber{"domain", 53},
    NamedNumber{"mtp", 57},          NamedNumber{"bootps", 67},
    NamedNumber{"bootpc", 68},       NamedNumber{"tftp", 69},
    NamedNumber{"gopher", 70},       NamedNumber{"finger", 79},
    NamedNumber{"http", 80},         NamedNumber{"www", 80},
    NamedNumber{"link", 87},         NamedNumber{"ttylink", 87},
    NamedNumber{"kerberos", 88},     NamedNumber{"supdup", 95},
    NamedNumber{"hostnames", 101},   NamedNumber{"hostname", 101},
    NamedNumber{"iso-tsap", 102},    NamedNumber{"tsap", 102},
    NamedNumber{"x400", 103},        NamedNumber{"x400-snd", 104},
    NamedNumber{"csnet-ns", 105},    NamedNumber{"rtelnet", 107},
    NamedNumber{"pop2", 109},        NamedNumber{"pop3", 110},
    NamedNumber{"sunrpc", 111},      NamedNumber{"portmapper", 111},
    NamedNumber{"auth", 113},        NamedNumber{"ident", 113},
    NamedNumber{"sftp", 115},        NamedNumber{"uucp-path", 117},
    NamedNumber{"nntp", 119},        NamedNumber{"ntp", 123},
    NamedNumber{"netbios-ns", 137},  NamedNumber{"netbios-dgm", 138},
    NamedNumber{"netbios-ssn", 139}, NamedNumber{"imap", 143},
    NamedNumber{"imap2", 143},       NamedNumber{"snmp", 161},
    NamedNumber{"snmp-trap", 162},   NamedNumber{"xdmcp", 177},
    NamedNumber{"bgp", 179},         NamedNumber{"irc", 194},
    NamedNumber{"ldap", 389},        NamedNumber{"https", 443},
    NamedNumber{"exec", 512},        NamedNumber{"biff", 512},
    NamedNumber{"login", 513},       NamedNumber{"who", 513},
    NamedNumber{"shell", 514},       NamedNumber{"syslog", 514},
    NamedNumber{"printer", 515},     NamedNumber{"talk", 517},
    NamedNumber{"ntalk", 518},       NamedNumber{"route", 520},
    NamedNumber{"uucp", 540},        NamedNumber{"imaps", 993},
    NamedNumber{"pop3s", 995},
};
// RFC 1010, under the names of /etc/protocols.
constexpr std::array kProtocols{
    NamedNumber{"icmp", 1}, NamedNumber{"igmp", 2}, NamedNumber{"ggp", 3},
    NamedNumber{"tcp", 6},  NamedNumber{"egp", 8},  NamedNumber{"pup", 12},
    NamedNumber{"udp", 17}, NamedNumber{"hmp", 20}, NamedNumber{"xns-idp", 22},
    NamedNumber{"rdp", 27},
};

std::string lower(std::string_view text) {
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lowered;
}

/// Reads one item of APL: `[!]afi:address/prefix`.
Refusal read_address_prefix(const Token& token, Rdata& wire) {
    const bool negated = token.text.starts_with('!');
    const std::string_view text = token.text.substr(negated ? 1 : 0);
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view family = text.substr(0, colon);
    const auto slash = text.rfind('/');
    const auto address = slash != text.npos && slash > colon
                             ? IpAddress::parse(text.substr(colon + 1, slash - colon - 1))
                             : std::nullopt;
    const bool fits = address && family == (address->is_v4() ? "1" : "2");
    if (!fits) { return refused(faults::kNoPrefix, token.column, {quoted_excerpt(token.text)}); }
    const auto bits =
        read_number(text.substr(slash + 1), token.column, "prefix length", address->width());
    if (!bits) { return bits.error(); }

    const auto octets = address->octets();
    std::size_t count = address->is_v4() ? 4 : 16;
    while (count > 0 && octets[count - 1] == 0) {
        --count;
    }  // RFC 3123 §4.1
    append_u16(wire, address->is_v4() ? 1 : 2);
    wire.push_back(static_cast<std::uint8_t>(*bits));
    wire.push_back(static_cast<std::uint8_t>((negated ? 0x80u : 0u) | count));
    append(wire, std::span(octets).first(count));
    return std::nullopt;
}

/// Hexadecimal digits with dots between groups. Empty when there is anything else.
std::string without_dots(std::string_view text) {
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool between = i > 0 && i + 1 < text.size() && text[i - 1] != '.';
        if (text[i] == '.' && between) { continue; }
        if (std::isxdigit(static_cast<unsigned char>(text[i])) == 0) { return {}; }
        digits += text[i];
    }
    return digits;
}

/// Reads a gateway or relay, which `type` makes nothing, an address or a name.
Refusal read_gateway(std::uint32_t type, TokenCursor& cursor, std::string_view name,
                     const Name& origin, Rdata& wire) {
    switch (type) {
        case 0: {
            const auto token = cursor.take_word(name);
            if (!token) { return token.error(); }
            if (token->text == ".") { return std::nullopt; }
            return refused(faults::kGatewayOfNone, token->column, {name});
        }
        case 1:
            return read_ipv4(cursor, name, wire);
        case 2:
            return read_ipv6(cursor, name, wire);
        default:
            return read_name(cursor, name, origin, wire);
    }
}

Result<std::uint32_t, RdataError> take_number(TokenCursor& cursor, std::string_view name,
                                              std::uint32_t maximum) {
    const auto token = cursor.take_word(name);
    if (!token) { return Failure{token.error()}; }
    return read_number(token->text, token->column, name, maximum);
}

/// Reads one of `names`, in any case, or a number.
Result<std::uint32_t, RdataError> take_named_number(TokenCursor& cursor,
                                                    std::span<const NamedNumber> names,
                                                    std::string_view field, std::uint32_t maximum) {
    const auto token = cursor.take_word(field);
    if (!token) { return Failure{token.error()}; }
    const auto known = std::ranges::find(names, lower(token->text), &NamedNumber::name);
    if (known != names.end()) { return std::uint32_t{known->number}; }
    return read_number(token->text, token->column, field, maximum);
}

}  // namespace

Refusal read_address_prefixes(TokenCursor& cursor, Rdata& wire) {
    while (!cursor.at_end()) {
        const auto token = cursor.take_word("prefix");
        if (!token) { return token.error(); }
        if (auto refusal = read_address_prefix(*token, wire)) { return refusal; }
    }
    return std::nullopt;
}

Refusal read_services(TokenCursor& cursor, Rdata& wire) {
    const auto protocol = take_named_number(cursor, kProtocols, "protocol", 0xff);
    if (!protocol) { return protocol.error(); }
    std::vector<std::uint8_t> bitmap;
    while (!cursor.at_end()) {
        const auto port = take_named_number(cursor, kServicePorts, "port", 0xffff);
        if (!port) { return port.error(); }
        if (bitmap.size() <= *port / 8) { bitmap.resize(*port / 8 + 1); }
        bitmap[*port / 8] = static_cast<std::uint8_t>(bitmap[*port / 8] | 0x80u >> *port % 8);
    }
    wire.push_back(static_cast<std::uint8_t>(*protocol));
    append(wire, bitmap);
    return std::nullopt;
}

Refusal read_nsap(TokenCursor& cursor, Rdata& wire) {
    const auto token = cursor.take_word("address");
    if (!token) { return token.error(); }
    const bool prefixed = token->text.starts_with("0x") || token->text.starts_with("0X");
    const std::string digits = prefixed ? without_dots(token->text.substr(2)) : std::string();
    const bool good =
        !digits.empty() && digits.size() % 2 == 0 && digits.size() / 2 <= kMaxNsapOctets;
    const auto octets = good ? read_with_ldns(FieldKind::Nsap, "0x" + digits) : std::nullopt;
    if (!octets || octets->size() != digits.size() / 2) {
        return refused(faults::kNoNsap, token->column);
    }
    append(wire, *octets);
    return std::nullopt;
}

// The ATM Forum's af-saa-0069.000 §5.2. ldns does not write the format octet, so this code does.
Refusal read_atm_address(TokenCursor& cursor, Rdata& wire) {
    const auto token = cursor.take_word("address");
    if (!token) { return token.error(); }
    if (token->text.starts_with('+')) {
        const std::string_view digits = token->text.substr(1);
        const bool good = !digits.empty() && digits.size() <= kMaxE164Digits &&
                          digits.find_first_not_of("0123456789") == digits.npos;
        if (!good) { return refused(faults::kNoE164, token->column); }
        wire.push_back(kE164Format);
        wire.insert(wire.end(), digits.begin(), digits.end());
        return std::nullopt;
    }
    const std::string digits = without_dots(token->text);
    if (digits.size() != 2 * kAesaOctets) { return refused(faults::kNoAtm, token->column); }
    wire.push_back(kAesaFormat);
    return append_hex(digits, token->column, "address", wire);
}

Refusal read_ipsec_gateway(TokenCursor& cursor, const Name& origin, Rdata& wire) {
    const auto type = take_number(cursor, "gateway-type", 3);
    if (!type) { return type.error(); }
    const auto algorithm = take_number(cursor, "algorithm", 255);
    if (!algorithm) { return algorithm.error(); }
    wire.push_back(static_cast<std::uint8_t>(*type));
    wire.push_back(static_cast<std::uint8_t>(*algorithm));
    return read_gateway(*type, cursor, "gateway", origin, wire);
}

Refusal read_amt_relay(TokenCursor& cursor, const Name& origin, Rdata& wire) {
    const auto discovery = take_number(cursor, "discovery", 1);
    if (!discovery) { return discovery.error(); }
    const auto type = take_number(cursor, "relay-type", 3);
    if (!type) { return type.error(); }
    wire.push_back(static_cast<std::uint8_t>(*discovery << 7 | *type));
    return read_gateway(*type, cursor, "relay", origin, wire);
}

// The text has the HIT before the key, the wire has both lengths first (RFC 8005 §5, §6).
Refusal read_host_identity(TokenCursor& cursor, Rdata& wire) {
    const auto algorithm = take_number(cursor, "algorithm", 255);
    if (!algorithm) { return algorithm.error(); }
    const auto hit_token = cursor.take_word("hit");
    if (!hit_token) { return hit_token.error(); }
    Rdata hit;
    if (auto refusal = append_hex(hit_token->text, hit_token->column, "hit", hit)) {
        return refusal;
    }
    if (hit.size() > 255) { return refused(faults::kOver255Octets, hit_token->column, {"hit"}); }
    const auto key_token = cursor.take_word("key");
    if (!key_token) { return key_token.error(); }
    Rdata key;
    if (auto refusal = append_base64(key_token->text, key_token->column, "key", key)) {
        return refusal;
    }
    wire.push_back(static_cast<std::uint8_t>(hit.size()));
    wire.push_back(static_cast<std::uint8_t>(*algorithm));
    append_u16(wire, static_cast<std::uint32_t>(key.size()));  // append_base64 bounds it
    append(wire, hit);
    append(wire, key);
    return std::nullopt;
}

}  // namespace meridian::dns
