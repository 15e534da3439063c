// Writes the fields of RDATA as text.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/rdata_print.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "dns/wire/rdata_ldns.h"
#include "dns/wire/rdata_location.h"
#include "dns/wire/rdata_svcb.h"
#include "dns/wire/rdata_wire.h"
#include "meridian/dns/name.h"
#include "meridian/ip_address.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

std::string print_integer(Octets octets) {
    std::uint32_t value = 0;
    for (const std::uint8_t octet : octets) {
        value = value << 8 | octet;
    }
    return std::to_string(value);
}

std::string print_name(Octets octets) {
    const auto name = Name::from_wire(octets);
    return name ? name->to_text() : ".";
}

std::string print_time(Octets octets) {
    namespace chrono = std::chrono;
    const chrono::sys_seconds time{chrono::seconds{load_u32(octets, 0)}};
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date{day};
    const chrono::hh_mm_ss clock{time - day};
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%04d%02u%02u%02d%02d%02d",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text.data();
}

std::string join(std::string left, const std::string& right) {
    if (!left.empty() && !right.empty()) { left += ' '; }
    return left + right;
}

std::string print_strings(Octets octets) {
    std::string text;
    ByteReader reader(octets);
    while (reader.remaining() > 0) {
        text = join(std::move(text), print_quoted(reader.read(reader.read_u8())));
    }
    return text;
}

std::string print_names(Octets octets) {
    std::string text;
    while (!octets.empty()) {
        const std::size_t length = name_octets(octets);
        text = join(std::move(text), print_name(octets.first(length)));
        octets = octets.subspan(length);
    }
    return text;
}

/// Calls `visit` with the number of every bit that is set, the first bit being `base`.
template <typename Visit>
void for_each_bit(Octets bits, std::size_t base, Visit visit) {
    for (std::size_t i = 0; i < bits.size() * 8; ++i) {
        if ((bits[i / 8] & 0x80u >> i % 8) != 0) { visit(base + i); }
    }
}

std::string print_type_bitmap(Octets octets) {
    std::string text;
    ByteReader reader(octets);
    while (reader.remaining() > 0) {
        const std::size_t window = reader.read_u8();
        for_each_bit(reader.read(reader.read_u8()), window * 256, [&text](std::size_t type) {
            text = join(std::move(text), type_to_text(static_cast<Type>(type)));
        });
    }
    return text;
}

std::string print_services(Octets octets) {
    std::string text = std::to_string(octets[0]);
    for_each_bit(octets.subspan(1), 0,
                 [&text](std::size_t port) { text += ' ' + std::to_string(port); });
    return text;
}

std::string print_prefixes(Octets octets) {
    std::string text;
    ByteReader reader(octets);
    while (reader.remaining() > 0) {
        const std::uint16_t family = reader.read_u16();
        const std::uint8_t bits = reader.read_u8();
        const std::uint8_t length = reader.read_u8();
        std::vector<std::uint8_t> address(family == 1 ? 4 : 16);
        const Octets sent = reader.read(length & 0x7fu);
        std::copy(sent.begin(), sent.end(), address.begin());
        text = join(std::move(text), ((length & 0x80u) != 0 ? "!" : "") + std::to_string(family) +
                                         ':' + print_address(address) + '/' + std::to_string(bits));
    }
    return text;
}

std::string print_gateway(std::uint32_t type, Octets gateway) {
    switch (type) {
        case 0:
            return ".";
        case 1:
        case 2:
            return print_address(gateway);
        default:
            return print_name(gateway);
    }
}

std::string print_host_identity(Octets octets) {
    const std::size_t hit = octets[0];
    return std::to_string(octets[1]) + ' ' + print_hex(octets.subspan(4, hit)) + ' ' +
           print_field(FieldKind::Base64, octets.subspan(4 + hit));
}

std::string print_atm_address(Octets octets) {
    if (octets[0] == 0) { return print_hex(octets.subspan(1)); }
    return '+' + std::string(octets.begin() + 1, octets.end());
}

std::string print_with_library(FieldKind kind, Octets octets) {
    if (octets.empty()) { return {}; }
    return print_with_ldns(kind, octets).value_or("");
}

/// Prints the kinds of field that one type, or one family of types, has for itself.
std::string print_own_field(FieldKind kind, Octets octets) {
    switch (kind) {
        case FieldKind::Salt:
            return octets.size() == 1 ? "-" : print_hex(octets.subspan(1));
        case FieldKind::TypeBitmap:
            return print_type_bitmap(octets);
        case FieldKind::Location:
            return print_location(octets);
        case FieldKind::AddressPrefixes:
            return print_prefixes(octets);
        case FieldKind::Services:
            return print_services(octets);
        case FieldKind::AtmAddress:
            return print_atm_address(octets);
        case FieldKind::IpsecGateway:
            return std::to_string(octets[0]) + ' ' + std::to_string(octets[1]) + ' ' +
                   print_gateway(octets[0], octets.subspan(2));
        case FieldKind::AmtRelay:
            return std::to_string(octets[0] >> 7) + ' ' + std::to_string(octets[0] & 0x7f) + ' ' +
                   print_gateway(octets[0] & 0x7fu, octets.subspan(1));
        case FieldKind::HostIdentity:
            return print_host_identity(octets);
        case FieldKind::ServiceParameters:
            return print_service_parameters(octets);
        case FieldKind::HashedName:
        case FieldKind::Nsap:
        case FieldKind::Locator64:
        case FieldKind::Eui48:
        case FieldKind::Eui64:
            return print_with_library(kind, octets);
        default:
            MERIDIAN_ASSERT(false);  // every kind has its case here or in print_field
    }
}

}  // namespace

std::string print_field(FieldKind kind, std::span<const std::uint8_t> octets) {
    switch (kind) {
        case FieldKind::None:
            return {};
        case FieldKind::U8:
        case FieldKind::U16:
        case FieldKind::U32:
        case FieldKind::Period:
        case FieldKind::Algorithm:
        case FieldKind::CertificateType:
        case FieldKind::TlsaUsage:
        case FieldKind::TlsaSelector:
        case FieldKind::TlsaMatching:
            return print_integer(octets);
        case FieldKind::Time:
            return print_time(octets);
        case FieldKind::TypeCode:
            return type_to_text(static_cast<Type>(load_u16(octets, 0)));
        case FieldKind::Name:
        case FieldKind::Names:
            return print_names(octets);
        case FieldKind::Ipv4:
        case FieldKind::Ipv6:
            return print_address(octets);
        case FieldKind::String:
        case FieldKind::OptionalString:
        case FieldKind::Strings:
        case FieldKind::Digits:
        case FieldKind::Decimal:
        case FieldKind::Degrees:
            return print_strings(octets);
        case FieldKind::Tag:
            return {octets.begin() + 1, octets.end()};
        case FieldKind::LongString:
        case FieldKind::LongTarget:
            return print_quoted(octets);
        case FieldKind::Hex:
            return print_hex(octets);
        case FieldKind::Base64:
        case FieldKind::OptionalBase64:
            return print_with_library(FieldKind::Base64, octets);
        default:
            return print_own_field(kind, octets);
    }
}

std::string print_address(std::span<const std::uint8_t> octets) {
    const Family family = octets.size() == 4 ? Family::V4 : Family::V6;
    return IpAddress::from_octets(family, octets.data()).to_string();
}

std::string print_quoted(std::span<const std::uint8_t> octets) {
    std::string text = "\"";
    for (const std::uint8_t octet : octets) {
        if (octet < 0x20 || octet > 0x7e) {
            std::array<char, 5> escaped{};
            std::snprintf(escaped.data(), escaped.size(), "\\%03u", unsigned{octet});
            text += escaped.data();
            continue;
        }
        if (octet == '"' || octet == '\\') { text += '\\'; }
        text += static_cast<char>(octet);
    }
    return text + '"';
}

std::string print_hex(std::span<const std::uint8_t> octets) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(octets.size() * 2);
    for (const std::uint8_t octet : octets) {
        text += kDigits[octet >> 4];
        text += kDigits[octet & 0xf];
    }
    return text;
}

}  // namespace meridian::dns
