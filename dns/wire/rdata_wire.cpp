// Checks RDATA in wire form against the fields of its type.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/rdata_wire.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <limits>

#include "dns/wire/rdata_faults.h"
#include "dns/wire/rdata_location.h"
#include "dns/wire/rdata_number.h"
#include "dns/wire/rdata_svcb.h"
#include "meridian/dns/name.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

constexpr double kNoLimit = std::numeric_limits<double>::infinity();
constexpr std::size_t kMaxWindowOctets = 32;     // RFC 4034 §4.1.2
constexpr std::size_t kMaxServiceOctets = 8192;  // a bit for each of 65536 ports

std::string_view as_text(Octets octets) {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

/// The refusal of a field that is not `good`.
Refusal unless(bool good, const RdataFault& fault, std::string_view name) {
    return good ? std::nullopt : Refusal(refused(fault, 0, {name}));
}

/// The length of a field with a fixed number of octets, or with its length in front.
std::size_t fixed_octets(FieldKind kind) {
    switch (kind) {
        case FieldKind::U8:
        case FieldKind::Algorithm:
        case FieldKind::TlsaUsage:
        case FieldKind::TlsaSelector:
        case FieldKind::TlsaMatching:
            return 1;
        case FieldKind::U16:
        case FieldKind::TypeCode:
        case FieldKind::CertificateType:
            return 2;
        case FieldKind::U32:
        case FieldKind::Period:
        case FieldKind::Time:
        case FieldKind::Ipv4:
            return 4;
        case FieldKind::Eui48:
            return 6;
        case FieldKind::Eui64:
        case FieldKind::Locator64:
            return 8;
        case FieldKind::Ipv6:
        case FieldKind::Location:
            return 16;
        default:
            return 0;
    }
}

/// Walks over strings or names to the end; false when the last one is cut.
bool is_list_of_strings(Octets octets) {
    ByteReader reader(octets);
    while (reader.remaining() > 0) {
        reader.skip(reader.read_u8());
    }
    return !reader.failed();
}

bool is_list_of_names(Octets octets) {
    while (!octets.empty()) {
        const std::size_t length = name_octets(octets);
        if (length == 0) { return false; }
        octets = octets.subspan(length);
    }
    return true;
}

/// RFC 4034 §4.1.2: windows rise, have 1 to 32 octets, and end in one that is not zero.
Refusal check_bitmap(std::string_view name, Octets octets) {
    ByteReader reader(octets);
    int last_window = -1;
    while (reader.remaining() > 0) {
        const std::uint8_t window = reader.read_u8();
        const std::uint8_t length = reader.read_u8();
        const Octets bits = reader.read(length);
        if (reader.failed() || length == 0 || length > kMaxWindowOctets || bits.back() == 0) {
            return refused(faults::kNoTypeBitmap, 0, {name});
        }
        if (int{window} <= last_window) { return refused(faults::kTypeBitmapOrder, 0, {name}); }
        last_window = window;
    }
    return std::nullopt;
}

/// RFC 3123 §4: IPv4 and IPv6 items whose last address octet is not zero.
Refusal check_prefixes(std::string_view name, Octets octets) {
    ByteReader reader(octets);
    while (reader.remaining() > 0) {
        const std::uint16_t family = reader.read_u16();
        const std::uint8_t bits = reader.read_u8();
        const std::size_t length = reader.read_u8() & 0x7fu;
        const Octets address = reader.read(length);
        const std::size_t width = family == 1 ? 4 : family == 2 ? 16 : 0;
        if (reader.failed() || length > width || bits > 8 * width || width == 0) {
            return refused(faults::kNoPrefixItem, 0, {name});
        }
        if (!address.empty() && address.back() == 0) {
            return refused(faults::kPrefixZeros, 0, {name});
        }
    }
    return std::nullopt;
}

/// Checks that behind `skipped` octets stands the gateway that `type` demands, and nothing else.
Refusal check_gateway(std::string_view name, std::uint32_t type, Octets gateway) {
    const std::array<std::size_t, 3> lengths{0, 4, 16};
    if (type > 3) { return refused(faults::kUnknownGateway, 0, {name}); }
    const bool fits = type < 3 ? gateway.size() >= lengths[type] : name_octets(gateway) > 0;
    return unless(fits, faults::kFieldCut, name);
}

std::size_t gateway_octets(std::uint32_t type, Octets rest) {
    switch (type) {
        case 1:
            return 4;
        case 2:
            return 16;
        case 3:
            return name_octets(rest);
        default:
            return 0;
    }
}

bool is_atm_address(Octets octets) {
    const Octets address = octets.subspan(1);
    if (octets[0] == 0) { return address.size() == 20; }
    return octets[0] == 1 && address.size() <= 15 && holds_only_digits(as_text(address));
}

Refusal check_decimal(std::string_view name, std::string_view text, double limit) {
    const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
    const std::size_t dot = std::min(digits.find('.'), digits.size());
    const bool whole = holds_only_digits(digits.substr(0, dot));
    if (!whole || (dot < digits.size() && !holds_only_digits(digits.substr(dot + 1)))) {
        return refused(faults::kNoDecimal, 0, {name});
    }
    const double value = std::strtod(std::string(digits).c_str(), nullptr);
    return unless(value <= limit, faults::kDegreesTooLarge, name);
}

bool is_tag(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return c < 0x80 && std::isalnum(c) != 0;
    });
}

/// The rule for the characters of a string; `text` is without the length.
Refusal check_string(const Field& field, std::string_view text) {
    switch (field.kind) {
        case FieldKind::Digits:
            return unless(holds_only_digits(text), faults::kNoDigit, field.name);
        case FieldKind::Decimal:
            return check_decimal(field.name, text, kNoLimit);
        case FieldKind::Degrees:
            return check_decimal(field.name, text, 180);
        case FieldKind::Tag:
            return unless(is_tag(text), faults::kNoTag, field.name);
        case FieldKind::HashedName:
            return unless(!text.empty(), faults::kHashEmpty, field.name);
        default:
            return std::nullopt;
    }
}

/// How many octets the next field takes; more than are left when it is cut.
std::size_t field_octets(FieldKind kind, Octets rest) {
    if (const std::size_t octets = fixed_octets(kind); octets > 0) { return octets; }
    const std::size_t cut = rest.size() + 1;
    switch (kind) {
        case FieldKind::Name: {
            const std::size_t octets = name_octets(rest);
            return octets > 0 ? octets : cut;
        }
        case FieldKind::OptionalString:
            if (rest.empty()) { return 0; }
            [[fallthrough]];
        case FieldKind::String:
        case FieldKind::Digits:
        case FieldKind::Decimal:
        case FieldKind::Degrees:
        case FieldKind::Tag:
        case FieldKind::Salt:
        case FieldKind::HashedName:
            return rest.empty() ? cut : std::size_t{1} + rest[0];
        case FieldKind::IpsecGateway:
            return rest.size() < 2 ? cut : 2 + gateway_octets(rest[0], rest.subspan(2));
        case FieldKind::AmtRelay:
            return rest.empty() ? cut : 1 + gateway_octets(rest[0] & 0x7f, rest.subspan(1));
        case FieldKind::HostIdentity:
            return rest.size() < 4 ? cut : std::size_t{4} + rest[0] + load_u16(rest, 2);
        case FieldKind::Strings:
        case FieldKind::LongTarget:
        case FieldKind::Hex:
        case FieldKind::Base64:
        case FieldKind::Nsap:
        case FieldKind::AtmAddress:
        case FieldKind::Services:
            return rest.empty() ? cut : rest.size();
        default:
            return rest.size();
    }
}

/// The error of a list of parameters, as an error of their field.
Refusal check_parameters(std::string_view name, Octets octets) {
    const auto problem = check_service_parameters(octets);
    if (!problem) { return std::nullopt; }
    const RdataError& reason = problem->error;
    return refused({reason.code, faults::kParametersFaulty}, 0, {name, reason.text});
}

/// Checks the values of a field whose octets are all there.
Refusal check_content(const Field& field, Octets octets) {
    const std::string_view name = field.name;
    switch (field.kind) {
        case FieldKind::Digits:
        case FieldKind::Decimal:
        case FieldKind::Degrees:
        case FieldKind::Tag:
        case FieldKind::HashedName:
            return check_string(field, as_text(octets.subspan(1)));
        case FieldKind::Strings:
            return unless(is_list_of_strings(octets), faults::kFieldCut, name);
        case FieldKind::Names:
            return unless(is_list_of_names(octets), faults::kNameBroken, name);
        case FieldKind::TypeBitmap:
            return check_bitmap(name, octets);
        case FieldKind::Location:
            return check_location(octets);
        case FieldKind::AddressPrefixes:
            return check_prefixes(name, octets);
        case FieldKind::Services:
            return unless(octets.size() <= 1 + kMaxServiceOctets, faults::kTooManyPorts, name);
        case FieldKind::Nsap:
            return unless(octets.size() <= 255, faults::kOver255Octets, name);
        case FieldKind::AtmAddress:
            return unless(is_atm_address(octets), faults::kNoAtmNorE164, name);
        case FieldKind::IpsecGateway:
            return check_gateway(name, octets[0], octets.subspan(2));
        case FieldKind::AmtRelay:
            return check_gateway(name, octets[0] & 0x7fu, octets.subspan(1));
        case FieldKind::HostIdentity:
            return unless(octets[0] > 0 && load_u16(octets, 2) > 0, faults::kHostIdentityEmpty,
                          name);
        case FieldKind::ServiceParameters:
            return check_parameters(name, octets);
        default:
            return std::nullopt;
    }
}

struct DigestLength {
    std::uint8_t kind;
    std::size_t octets;
};
/// Where a type says of which kind the digest in its last field is.
struct DigestRow {
    std::size_t kind_at;
    std::size_t digest_field;
    std::array<DigestLength, 3> lengths;
};

std::optional<DigestRow> find_digest(Type type) {
    switch (static_cast<unsigned>(type)) {
        case 43:
        case 59:
        case 32768:
        case 32769:  // DS, CDS, TA, DLV: RFC 4509, RFC 6605
            return DigestRow{3, 3, {{{1, 20}, {2, 32}, {4, 48}}}};
        case 44:
            return DigestRow{1, 2, {{{1, 20}, {2, 32}, {0, 0}}}};  // SSHFP: RFC 6594
        case 52:
        case 53:
            return DigestRow{2, 3, {{{1, 32}, {2, 64}, {0, 0}}}};  // RFC 6698 §2.1.3
        case 63:
            return DigestRow{5, 3, {{{1, 48}, {2, 64}, {0, 0}}}};  // ZONEMD: RFC 8976 §2.2
        default:
            return std::nullopt;
    }
}

/// Checks the rules that involve several fields.
std::optional<WireProblem> check_together(const Shape& shape, Octets wire) {
    if (const auto row = find_digest(shape.type)) {
        const std::size_t octets = wire.size() - row->kind_at - 1;
        for (const DigestLength& length : row->lengths) {
            const bool wrong =
                length.octets > 0 && length.kind == wire[row->kind_at] && length.octets != octets;
            if (wrong) {
                return WireProblem{
                    row->digest_field,
                    refused(faults::kDigestLength, 0,
                            {shape.fields()[row->digest_field].name, std::to_string(octets),
                             std::to_string(length.octets)})};
            }
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<WireProblem> check_wire(const Shape& shape, std::span<const std::uint8_t> wire) {
    ByteReader reader(wire);
    const auto fields = shape.fields();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        auto octets = take_field(fields[i], reader);
        if (!octets) { return WireProblem{i, std::move(octets).error()}; }
    }
    if (reader.remaining() > 0) {
        return WireProblem{fields.size() - 1,
                           refused(faults::kOctetsLeft, 0, {fields.back().name})};
    }
    return check_together(shape, wire);
}

bool has_needless_parameters(const Shape& shape, std::span<const std::uint8_t> wire) {
    const bool service = shape.type == Type::SVCB || shape.type == Type::HTTPS;
    return service && load_u16(wire, 0) == 0 && wire.size() > 2 + name_octets(wire.subspan(2));
}

Result<std::span<const std::uint8_t>, RdataError> take_field(const Field& field,
                                                             ByteReader& reader) {
    const Octets rest = ByteReader(reader).read(reader.remaining());
    const std::size_t length = field_octets(field.kind, rest);
    if (length > rest.size()) {
        return Failure{refused(faults::kFieldMissingOrCut, 0, {field.name})};
    }
    const Octets octets = reader.read(length);
    if (auto refusal = check_content(field, octets)) { return Failure{std::move(*refusal)}; }
    return octets;
}

std::size_t name_octets(std::span<const std::uint8_t> octets) {
    const auto name = Name::from_wire(octets);
    return name ? name->octets() : 0;
}

}  // namespace meridian::dns
