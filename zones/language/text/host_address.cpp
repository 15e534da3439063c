// Reports addresses that clients cannot reach.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/text/host_address.h"

#include <optional>

#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

/// What to report of an address that no host can have; null for any other.
const DiagnosticKind* useless(const IpAddress& address) {
    const auto octets = address.octets();
    if (address.is_v4()) {
        if (octets[0] == 0) { return &diagnostics::kAddressOfNoHost; }
        return octets[0] >= 224 ? &diagnostics::kNoHostAddress : nullptr;
    }
    if (octets[0] == 0xff) { return &diagnostics::kNoHostAddress; }
    return address.high() == 0 && address.low() == 0 ? &diagnostics::kAddressOfNoHost : nullptr;
}

bool is_loopback(const IpAddress& address) {
    return address.is_v4() ? address.octets()[0] == 127 : address.high() == 0 && address.low() == 1;
}

/// Why clients elsewhere cannot reach an address: it is of this host alone, of this link alone, or
/// for discarding. Empty where they can.
std::string_view limited_to(const IpAddress& address) {
    constexpr std::uint64_t kDiscardOnly = std::uint64_t{0x0100} << 48;
    const auto octets = address.octets();
    if (address.is_v4()) {
        if (is_loopback(address)) { return "a loopback address (RFC 1122 §3.2.1.3)"; }
        const bool link = octets[0] == 169 && octets[1] == 254;
        return link ? "a link-local address (RFC 3927)" : "";
    }
    if (is_loopback(address)) { return "the loopback address (RFC 4291 §2.5.3)"; }
    if (address.high() == kDiscardOnly) { return "an address for discarding (RFC 6666)"; }
    const bool link = octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80;
    return link ? "a link-local address (RFC 4291 §2.5.6)" : "";
}

/// The IPv4 address that an IPv6 one only wraps, such as ::ffff:192.0.2.1 (RFC 4291 §2.5.5.2).
std::optional<IpAddress> wrapped(const IpAddress& address) {
    const bool mapped = !address.is_v4() && address.high() == 0 && address.low() >> 32 == 0xffff;
    if (!mapped) { return {}; }
    return IpAddress::v4(static_cast<std::uint32_t>(address.low()));
}

}  // namespace

bool check_host_address(const IpAddress& address, std::string_view text, AddressUse use,
                        TextPosition at, const std::string& key, Findings& findings) {
    if (const DiagnosticKind* why = useless(address)) {
        findings.report(*why, at, key, {quoted(text)});
        return false;
    }
    if (const auto inner = wrapped(address)) {
        const std::string plain = quoted(inner->to_string());
        findings.report(diagnostics::kMappedAddress, at, key,
                        {quoted(text), use == AddressUse::Region ? plain : "a = " + plain});
        return false;
    }
    if (use == AddressUse::OwnHost && is_loopback(address)) { return true; }
    if (const std::string_view limit = limited_to(address); !limit.empty()) {
        findings.report(diagnostics::kUnreachableAddress, at, key, {quoted(text), limit});
    }
    return true;
}

}  // namespace meridian::zones
