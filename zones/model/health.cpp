// Models how the addresses of a service are checked, and what decides that they are down.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/model/health.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace meridian::zones {

namespace {

constexpr IpAddress v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return IpAddress::v4(a << 24 | b << 16 | c << 8 | d);
}

struct Refused {
    IpAddress prefix;
    unsigned bits;
    std::string_view why;
};

constexpr std::string_view kLinkLocal = "it is local to a link";
constexpr std::string_view kMetadata = "a cloud hands out secrets there";
constexpr std::string_view kNoHost = "it is no address of a host";

constexpr std::array kRefused{
    Refused{v4(169, 254, 0, 0), 16, kLinkLocal},     // RFC 3927; 169.254.169.254 among them
    Refused{v4(100, 100, 100, 200), 32, kMetadata},  // Alibaba Cloud
    Refused{v4(192, 0, 0, 192), 32, kMetadata},      // Oracle Cloud
    Refused{v4(0, 0, 0, 0), 8, kNoHost},             // connects to this very host
    Refused{v4(224, 0, 0, 0), 3, kNoHost},           // multicast and reserved
    Refused{IpAddress::v6(0xfe80ULL << 48, 0), 10, kLinkLocal},          // RFC 4291 §2.5.6
    Refused{IpAddress::v6(0xfd000ec2ULL << 32, 0x254), 128, kMetadata},  // AWS
    Refused{IpAddress::v6(0xfd2000ceULL << 32, 0x254), 128, kMetadata},  // Google Cloud
    Refused{IpAddress::v6(0, 0), 128, kNoHost},                          // as 0.0.0.0
    Refused{IpAddress::v6(0xff00ULL << 48, 0), 8, kNoHost},              // multicast
};

/// The IPv4 address that a connection to this one ends at: mapped (RFC 4291 §2.5.5.2), or behind
/// the well-known prefix of translators (RFC 6052 §2.1).
IpAddress embedded_or_self(const IpAddress& address) {
    const bool mapped = address.high() == 0 && address.low() >> 32 == 0xffff;
    const bool translated = address.high() == 0x0064ff9bULL << 32 && address.low() >> 32 == 0;
    if (address.is_v4() || !(mapped || translated)) { return address; }
    return IpAddress::v4(static_cast<std::uint32_t>(address.low()));
}

}  // namespace

std::string_view why_not_probed(const IpAddress& address) {
    const IpAddress reached = embedded_or_self(address);
    const auto* const found = std::ranges::find_if(kRefused, [&](const Refused& refused) {
        return reached.masked(refused.bits) == refused.prefix;
    });
    return found == kRefused.end() ? std::string_view() : found->why;
}

}  // namespace meridian::zones
