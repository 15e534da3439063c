// Reads the OPT record of a query and writes that of its answer (RFC 6891).
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/edns.h"

#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

// What stands in the place of TTL (RFC 6891 §6.1.3).
constexpr unsigned kRcodeShift = 24;
constexpr unsigned kVersionShift = 16;
constexpr std::uint32_t kDnssecOk = 0x8000;

constexpr std::size_t kFixedOctets = 1 + kRecordFixedOctets;  // with the root owner
constexpr std::size_t kOptionHeadOctets = 4;                  // OPTION-CODE OPTION-LENGTH

// EDNS Client Subnet (RFC 7871 §6).
constexpr std::uint16_t kClientSubnetOption = 8;
constexpr std::uint16_t kFamilyV4 = 1;
constexpr std::uint16_t kFamilyV6 = 2;
constexpr std::size_t kSourceAt = 2;  // in the option's data
constexpr std::size_t kScopeAt = 3;
constexpr std::size_t kClientSubnetFrontOctets = 8;  // with the head, before ADDRESS

/// The address of a client subnet; `option` includes the head.
///
/// Reads the last eight octets at once instead of single octets. The front of the option, at least
/// eight octets, makes that safe; its octets are shifted out.
IpAddress subnet_address(Octets option, Family family, std::size_t address_octets) {
    if (address_octets == 0) { return IpAddress::left_aligned(family, 0, 0); }
    const std::uint64_t last_eight = load_u64(option, option.size() - 8);
    if (address_octets <= 8) {
        return IpAddress::left_aligned(family, last_eight << (64 - 8 * address_octets), 0);
    }
    return IpAddress::left_aligned(family, load_u64(option, kClientSubnetFrontOctets),
                                   last_eight << (128 - 8 * address_octets));
}

/// Reads a client subnet by RFC 7871 §6 and §7.1.2; each requirement counts as a MUST. `option`
/// begins with its head. Steps over a second one, whatever it holds: RFC 7871 speaks of one only.
///
/// Family 0 is refused even with SOURCE 0, which some clients send to ask for no subnet: families 1
/// and 2 with SOURCE 0 say that too, and §7.2.1 wants FORMERR for an unknown family. gdnsd does the
/// same; the alternative is to accept it as SOURCE 0.
bool read_client_subnet(Octets option, ClientSubnet& subnet) {
    if (subnet.present) { return true; }
    if (option.size() < kClientSubnetFrontOctets) { return false; }
    const auto front = option.first<kClientSubnetFrontOctets>();
    const std::uint16_t family_number = load_u16(front, kOptionHeadOctets);
    if (family_number != kFamilyV4 && family_number != kFamilyV6) { return false; }
    const Family family = family_number == kFamilyV4 ? Family::V4 : Family::V6;
    const unsigned source_bits = front[kOptionHeadOctets + kSourceAt];
    const unsigned scope_bits = front[kOptionHeadOctets + kScopeAt];
    const std::size_t address_octets = option.size() - kClientSubnetFrontOctets;
    if (source_bits > width_bits(family) || scope_bits != 0) { return false; }
    if (address_octets != (source_bits + 7) / 8) { return false; }
    const unsigned spare_bits = (8 - source_bits % 8) % 8;  // of the last octet, beyond SOURCE
    if ((option.back() & ((1u << spare_bits) - 1)) != 0) { return false; }

    subnet.present = true;
    subnet.source_bits = static_cast<std::uint8_t>(source_bits);
    subnet.address = subnet_address(option, family, address_octets);
    return true;
}

/// Repeats the client's option as it came, except for SCOPE (RFC 7871 §7.2.1).
struct ClientSubnetEcho {
    const ClientSubnet& subnet;
    std::uint8_t scope_bits;

    [[nodiscard]] bool is_sent() const { return subnet.present; }
    [[nodiscard]] std::size_t octets() const {
        return kClientSubnetFrontOctets + subnet.address_octets();
    }
    void write(std::span<std::uint8_t> option) const {
        const std::size_t address_octets = subnet.address_octets();
        // From the end to the front, eight octets at once: the surplus octets are overwritten by
        // the next step.
        if (address_octets > 8) {
            store_u64(option, option.size() - 8,
                      subnet.address.low() >> (128 - 8 * address_octets));
            store_u64(option, option.size() - address_octets, subnet.address.high());
        } else if (address_octets > 0) {
            store_u64(option, option.size() - 8,
                      subnet.address.high() >> (64 - 8 * address_octets));
        }
        const auto front = option.first<kClientSubnetFrontOctets>();
        const auto data = front.subspan<kOptionHeadOctets>();
        store_u16(front, 0, kClientSubnetOption);
        store_u16(front, 2, static_cast<std::uint16_t>(data.size() + address_octets));
        store_u16(data, 0, subnet.address.is_v4() ? kFamilyV4 : kFamilyV6);
        data[kSourceAt] = subnet.source_bits;
        data[kScopeAt] = scope_bits;
    }
};

/// All options that are read, a line for each; `option` begins with its head. Returns false where
/// the option makes the query malformed.
bool read_option(std::uint16_t code, Octets option, Edns& edns) {
    switch (code) {
        case kClientSubnetOption:
            return read_client_subnet(option, edns.client_subnet);
        default:
            return true;
    }
}

/// All options that are written, a line for each, in their order in the answer.
template <typename Take>
void for_each_answer_option(const Edns& edns, const AnswerOptions& answer, const Take& take) {
    take(ClientSubnetEcho{edns.client_subnet, answer.scope_bits});
}

bool read_options(Octets rdata, Edns& edns) {
    while (!rdata.empty()) {
        if (rdata.size() < kOptionHeadOctets) { return false; }
        const std::size_t option_octets = kOptionHeadOctets + load_u16(rdata, 2);
        if (rdata.size() < option_octets) { return false; }
        if (!read_option(load_u16(rdata, 0), rdata.first(option_octets), edns)) { return false; }
        rdata = rdata.subspan(option_octets);
    }
    return true;
}

}  // namespace

void forget_edns(Edns& edns) {
    edns.present = false;
    edns.dnssec_ok = false;
    edns.version = 0;
    edns.udp_octets = 0;
    forget_options(edns);
}

void forget_options(Edns& edns) {
    edns.client_subnet.present = false;
}

/// Marks EDNS as present before it reads on: a FORMERR for the content of OPT still carries an OPT,
/// so that the client knows that this server speaks EDNS (RFC 6891 §7).
bool read_opt(std::span<const std::uint8_t, kRecordFixedOctets> fixed, bool has_root_owner,
              Octets rdata, Edns& edns) {
    if (edns.present) { return false; }
    edns.present = true;
    edns.udp_octets = load_u16(fixed, 2);  // in the place of CLASS
    // In the place of TTL: upper RCODE, VERSION, flags.
    const std::uint32_t extended_fields = load_u32(fixed, 4);
    edns.version = static_cast<std::uint8_t>(extended_fields >> kVersionShift);
    edns.dnssec_ok = (extended_fields & kDnssecOk) != 0;
    if (!has_root_owner) { return false; }
    // The form of options in other versions is not defined: none is read, so none is malformed.
    return edns.version > 0 || read_options(rdata, edns);
}

std::size_t answer_opt_octets(const Edns& edns) {
    if (!edns.present) { return 0; }
    std::size_t octets = kFixedOctets;
    for_each_answer_option(edns, {}, [&octets](const auto& option) {
        if (option.is_sent()) { octets += option.octets(); }
    });
    return octets;
}

std::size_t write_opt(std::span<std::uint8_t> octets, const Edns& edns, Rcode rcode,
                      const AnswerOptions& answer) {
    std::size_t end = kFixedOctets;
    for_each_answer_option(edns, answer, [&](const auto& option) {
        if (!option.is_sent()) { return; }
        option.write(octets.subspan(end).first(option.octets()));
        end += option.octets();
    });
    const auto fixed = octets.first<kFixedOctets>();
    const std::uint32_t upper_rcode = static_cast<std::uint32_t>(rcode) >> 4;
    fixed[0] = 0;
    store_u16(fixed, 1, static_cast<std::uint16_t>(Type::OPT));
    store_u16(fixed, 3, kMaxUdpOctets);
    store_u32(fixed, 5, upper_rcode << kRcodeShift | (edns.dnssec_ok ? kDnssecOk : 0));
    store_u16(fixed, 9, static_cast<std::uint16_t>(end - kFixedOctets));
    return end;
}

}  // namespace meridian::dns
