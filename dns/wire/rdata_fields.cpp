// Reads the fields of RDATA that many types share.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/rdata_fields.h"

#include <algorithm>
#include <utility>

#include "dns/wire/rdata_faults.h"
#include "dns/wire/rdata_ldns.h"
#include "dns/wire/rdata_location.h"
#include "dns/wire/rdata_number.h"
#include "dns/wire/rdata_svcb.h"
#include "meridian/assert.h"
#include "meridian/ip_address.h"

namespace meridian::dns {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
constexpr std::string_view kBase32HexDigits =
    "0123456789abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUV";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kMaxSaltOctets = 255;  // its length has one octet, RFC 5155 §3.2
constexpr std::size_t kMaxHashDigits = 408;  // base32 of the same 255 octets

bool holds_only(std::string_view text, std::string_view alphabet) {
    return text.find_first_not_of(alphabet) == text.npos;
}

Refusal read_type_code(TokenCursor& cursor, std::string_view name, Rdata& wire) {
    const auto token = cursor.take_word(name);
    if (!token) { return token.error(); }
    const auto type = type_from_text(token->text);
    if (!type) {
        return refused(faults::kNoRecordType, token->column, {quoted_excerpt(token->text)});
    }
    append_u16(wire, static_cast<std::uint16_t>(*type));
    return std::nullopt;
}

/// Reads a type bitmap, without types that are no data (RFC 4034 §4.1.2).
Refusal read_type_bitmap(TokenCursor& cursor, std::string_view name, Rdata& wire) {
    std::string numbers;
    const std::size_t column = cursor.column();
    while (!cursor.at_end()) {
        const auto token = cursor.take_word("type");
        if (!token) { return token.error(); }
        const auto type = type_from_text(token->text);
        if (!type || !is_data_type(*type)) {
            return refused(faults::kNoListedType, token->column, {quoted_excerpt(token->text)});
        }
        // By number, so that ldns need not know the mnemonic.
        numbers += "TYPE" + std::to_string(static_cast<unsigned>(*type)) + ' ';
    }
    if (numbers.empty()) { return std::nullopt; }
    const auto bitmap = read_with_ldns(FieldKind::TypeBitmap, std::move(numbers));
    if (!bitmap) { return refused(faults::kNoTypeBitmap, column, {name}); }
    append(wire, *bitmap);
    return std::nullopt;
}

Refusal read_string(TokenCursor& cursor, std::string_view name, Rdata& wire) {
    if (cursor.at_end()) { return refused(faults::kFieldMissing, cursor.column(), {name}); }
    const Token& token = cursor.take();
    const auto plain = unescape(token.text, token.column + (token.quoted ? 1 : 0));
    if (!plain) { return plain.error(); }
    if (plain->size() > kMaxStringOctets) {
        return refused(faults::kStringTooLong, token.column, {name, std::to_string(plain->size())});
    }
    wire.push_back(static_cast<std::uint8_t>(plain->size()));
    wire.insert(wire.end(), plain->begin(), plain->end());
    return std::nullopt;
}

/// Reads text to the end of RDATA: one word, or one quoted string, of any length.
Refusal read_long_string(TokenCursor& cursor, std::string_view name, Rdata& wire) {
    if (cursor.at_end()) { return refused(faults::kFieldMissing, cursor.column(), {name}); }
    const Token& token = cursor.take();
    if (!cursor.at_end()) { return refused(faults::kSeveralWords, cursor.column(), {name}); }
    const auto plain = unescape(token.text, token.column + (token.quoted ? 1 : 0));
    if (!plain) { return plain.error(); }
    wire.insert(wire.end(), plain->begin(), plain->end());
    return std::nullopt;
}

/// The remaining words, joined: base64 and hexadecimal digits may hold spaces.
Result<Token, RdataError> join_words(TokenCursor& cursor, std::string_view name,
                                     std::string& joined) {
    const std::size_t column = cursor.column();
    do {
        const auto token = cursor.take_word(name);
        if (!token) { return Failure{token.error()}; }
        joined += token->text;
    } while (!cursor.at_end());
    return Token{joined, column, false};
}

Refusal read_rest(const Field& field, TokenCursor& cursor, Rdata& wire) {
    if (field.kind == FieldKind::OptionalBase64 && cursor.at_end()) { return std::nullopt; }
    std::string joined;
    const auto words = join_words(cursor, field.name, joined);
    if (!words) { return words.error(); }
    return field.kind == FieldKind::Hex
               ? append_hex(words->text, words->column, field.name, wire)
               : append_base64(words->text, words->column, field.name, wire);
}

Refusal read_salt(TokenCursor& cursor, std::string_view name, Rdata& wire) {
    const auto token = cursor.take_word(name);
    if (!token) { return token.error(); }
    const std::size_t length_at = wire.size();
    wire.push_back(0);
    if (token->text == "-") { return std::nullopt; }
    if (auto refusal = append_hex(token->text, token->column, name, wire)) { return refusal; }
    const std::size_t octets = wire.size() - length_at - 1;
    if (octets > kMaxSaltOctets) {
        return refused(faults::kSaltTooLong, token->column, {name, std::to_string(octets)});
    }
    wire[length_at] = static_cast<std::uint8_t>(octets);
    return std::nullopt;
}

Refusal read_hashed_name(TokenCursor& cursor, std::string_view name, Rdata& wire) {
    const auto token = cursor.take_word(name);
    if (!token) { return token.error(); }
    // 1, 3 and 6 digits over a multiple of eight hold no whole number of octets (RFC 4648 §6).
    const std::size_t tail = token->text.size() % 8;
    const bool good = tail != 1 && tail != 3 && tail != 6 && !token->text.empty() &&
                      token->text.size() <= kMaxHashDigits &&
                      holds_only(token->text, kBase32HexDigits);
    const auto octets =
        good ? read_with_ldns(FieldKind::HashedName, std::string(token->text)) : std::nullopt;
    if (!octets) { return refused(faults::kNoBase32Hex, token->column, {name}); }
    append(wire, *octets);
    return std::nullopt;
}

/// Groups of hexadecimal digits: EUI48, EUI64, and the locators of ILNP.
Refusal read_groups(const Field& field, TokenCursor& cursor, Rdata& wire) {
    const auto token = cursor.take_word(field.name);
    if (!token) { return token.error(); }
    const bool locator = field.kind == FieldKind::Locator64;
    const char separator = locator ? ':' : '-';
    const std::size_t groups = locator ? 4 : field.kind == FieldKind::Eui48 ? 6 : 8;
    std::size_t found = 0;
    bool good = true;
    for (std::size_t i = 0; i <= token->text.size();) {
        const std::size_t end = std::min(token->text.find(separator, i), token->text.size());
        const std::size_t digits = end - i;
        good = good && holds_only(token->text.substr(i, digits), kHexDigits) &&
               (locator ? digits >= 1 && digits <= 4 : digits == 2);
        ++found;
        i = end + 1;
    }
    const auto octets = good && found == groups
                            ? read_with_ldns(field.kind, std::string(token->text))
                            : std::nullopt;
    if (!octets) {
        return refused(
            faults::kMalformedGroups, token->column,
            {field.name, quoted_excerpt(token->text), std::to_string(groups), locator ? ":" : "-"});
    }
    append(wire, *octets);
    return std::nullopt;
}

/// Reads strings that clients join again, such as those of TXT: one over 255 octets is cut.
Refusal read_all_strings(TokenCursor& cursor, std::string_view name, Rdata& wire) {
    if (cursor.at_end()) { return refused(faults::kFieldMissing, cursor.column(), {name}); }
    while (!cursor.at_end()) {
        const Token& token = cursor.take();
        const auto plain = unescape(token.text, token.column + (token.quoted ? 1 : 0));
        if (!plain) { return plain.error(); }
        append_strings(*plain, wire);
        if (plain->size() > kMaxStringOctets) {
            cursor.warn(
                refused(faults::kStringSplit, token.column, {name, std::to_string(plain->size())}));
        }
    }
    return std::nullopt;
}

Refusal read_all_names(TokenCursor& cursor, std::string_view name, const Name& origin,
                       Rdata& wire) {
    while (!cursor.at_end()) {
        if (auto refusal = read_name(cursor, name, origin, wire)) { return refusal; }
    }
    return std::nullopt;
}

/// Reads the kinds of field that one type, or one family of types, has for itself.
Refusal read_own_field(const Field& field, TokenCursor& cursor, const Name& origin, Rdata& wire) {
    switch (field.kind) {
        case FieldKind::Salt:
            return read_salt(cursor, field.name, wire);
        case FieldKind::HashedName:
            return read_hashed_name(cursor, field.name, wire);
        case FieldKind::TypeBitmap:
            return read_type_bitmap(cursor, field.name, wire);
        case FieldKind::Locator64:
        case FieldKind::Eui48:
        case FieldKind::Eui64:
            return read_groups(field, cursor, wire);
        case FieldKind::Location:
            return read_location(cursor, wire);
        case FieldKind::AddressPrefixes:
            return read_address_prefixes(cursor, wire);
        case FieldKind::Services:
            return read_services(cursor, wire);
        case FieldKind::Nsap:
            return read_nsap(cursor, wire);
        case FieldKind::AtmAddress:
            return read_atm_address(cursor, wire);
        case FieldKind::IpsecGateway:
            return read_ipsec_gateway(cursor, origin, wire);
        case FieldKind::AmtRelay:
            return read_amt_relay(cursor, origin, wire);
        case FieldKind::HostIdentity:
            return read_host_identity(cursor, wire);
        case FieldKind::ServiceParameters:
            return read_service_parameters(cursor, wire);
        default:
            MERIDIAN_ASSERT(false);  // every kind has its case here or in read_field
    }
}

}  // namespace

Refusal read_field(const Field& field, TokenCursor& cursor, const Name& origin, Rdata& wire) {
    switch (field.kind) {
        case FieldKind::None:
            return std::nullopt;
        case FieldKind::U8:
            return read_integer(cursor, field.name, 1, wire);
        case FieldKind::U16:
            return read_integer(cursor, field.name, 2, wire);
        case FieldKind::U32:
            return read_integer(cursor, field.name, 4, wire);
        case FieldKind::Period:
            return read_period(cursor, field.name, wire);
        case FieldKind::Time:
            return read_time(cursor, field.name, wire);
        case FieldKind::TypeCode:
            return read_type_code(cursor, field.name, wire);
        case FieldKind::Algorithm:
        case FieldKind::CertificateType:
        case FieldKind::TlsaUsage:
        case FieldKind::TlsaSelector:
        case FieldKind::TlsaMatching:
            return read_mnemonic(field.kind, cursor, field.name, wire);
        case FieldKind::Name:
            return read_name(cursor, field.name, origin, wire);
        case FieldKind::Names:
            return read_all_names(cursor, field.name, origin, wire);
        case FieldKind::Ipv4:
            return read_ipv4(cursor, field.name, wire);
        case FieldKind::Ipv6:
            return read_ipv6(cursor, field.name, wire);
        case FieldKind::OptionalString:
            if (cursor.at_end()) { return std::nullopt; }
            return read_string(cursor, field.name, wire);
        case FieldKind::String:
        case FieldKind::Digits:
        case FieldKind::Decimal:
        case FieldKind::Degrees:
        case FieldKind::Tag:
            return read_string(cursor, field.name, wire);
        case FieldKind::Strings:
            return read_all_strings(cursor, field.name, wire);
        case FieldKind::LongString:
        case FieldKind::LongTarget:
            return read_long_string(cursor, field.name, wire);
        case FieldKind::Hex:
        case FieldKind::Base64:
        case FieldKind::OptionalBase64:
            return read_rest(field, cursor, wire);
        default:
            return read_own_field(field, cursor, origin, wire);
    }
}

Refusal read_name(TokenCursor& cursor, std::string_view name, const Name& origin, Rdata& wire) {
    const auto token = cursor.take_word(name);
    if (!token) { return token.error(); }
    const auto parsed = Name::parse(token->text, origin);
    if (!parsed) {
        const RdataFault& reason = name_fault(parsed.error());
        return refused({reason.code, faults::kNoName}, token->column,
                       {name, quoted_excerpt(token->text), reason.text});
    }
    append(wire, parsed->wire());
    return std::nullopt;
}

Refusal read_ipv4(TokenCursor& cursor, std::string_view name, Rdata& wire) {
    const auto token = cursor.take_word(name);
    if (!token) { return token.error(); }
    const auto address = IpAddress::parse(token->text);
    if (!address || !address->is_v4()) {
        return refused(address ? faults::kIpv6NotIpv4 : faults::kNoIpv4, token->column,
                       {name, quoted_excerpt(token->text)});
    }
    append_u32(wire, address->as_v4());
    return std::nullopt;
}

Refusal read_ipv6(TokenCursor& cursor, std::string_view name, Rdata& wire) {
    const auto token = cursor.take_word(name);
    if (!token) { return token.error(); }
    const auto address = IpAddress::parse(token->text);
    if (!address || address->is_v4()) {
        return refused(address ? faults::kIpv4NotIpv6 : faults::kNoIpv6, token->column,
                       {name, quoted_excerpt(token->text)});
    }
    append(wire, address->octets());
    return std::nullopt;
}

void append_strings(std::string_view text, Rdata& wire) {
    do {
        const std::string_view part = text.substr(0, kMaxStringOctets);
        wire.push_back(static_cast<std::uint8_t>(part.size()));
        wire.insert(wire.end(), part.begin(), part.end());
        text.remove_prefix(part.size());
    } while (!text.empty());
}

Refusal append_base64(std::string_view text, std::size_t column, std::string_view name,
                      Rdata& wire) {
    const std::size_t digits = std::min(text.find('='), text.size());
    const std::size_t padding = text.size() - digits;
    const bool good = digits > 0 && padding <= 2 && text.size() % 4 == 0 &&
                      holds_only(text.substr(0, digits), kBase64Digits) &&
                      holds_only(text.substr(digits), "=");
    if (!good) { return refused(faults::kNoBase64, column, {name}); }
    const auto octets = read_with_ldns(FieldKind::Base64, std::string(text));
    if (!octets || octets->size() != text.size() / 4 * 3 - padding) {
        return refused(faults::kFieldTooLong, column, {name});
    }
    append(wire, *octets);
    return std::nullopt;
}

Refusal append_hex(std::string_view text, std::size_t column, std::string_view name, Rdata& wire) {
    if (text.empty() || !holds_only(text, kHexDigits)) {
        return refused(faults::kNoHex, column, {name});
    }
    if (text.size() % 2 != 0) {
        return refused(faults::kOddHex, column, {name, std::to_string(text.size())});
    }
    const auto octets = read_with_ldns(FieldKind::Hex, std::string(text));
    if (!octets || octets->size() != text.size() / 2) {
        return refused(faults::kFieldTooLong, column, {name});
    }
    append(wire, *octets);
    return std::nullopt;
}

}  // namespace meridian::dns
