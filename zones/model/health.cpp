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

IpAddress last_four(const IpAddress& address) {
    return IpAddress::v4(static_cast<std::uint32_t>(address.low()));
}

/// The addresses that a connection to this one may end at: itself, or the IPv4 address that it
/// holds, mapped (RFC 4291 §2.5.5.2), behind a translator (RFC 6052 §2.1, RFC 8215) or beyond a
/// relay of 6to4 (RFC 3056 §2).
std::array<IpAddress, 2> ends_of(const IpAddress& address) {
    constexpr std::uint64_t kTranslators = 0x0064ff9bULL << 32;
    constexpr std::uint64_t kLocalTranslators = kTranslators | 1ULL << 16;
    if (address.is_v4()) { return {address, address}; }
    const std::uint64_t high = address.high();
    const std::uint64_t low = address.low();
    if (high == 0 && low >> 32 == 0xffff) { return {address, last_four(address)}; }
    if (high == kTranslators && low >> 32 == 0) { return {address, last_four(address)}; }
    if (high >> 16 == kLocalTranslators >> 16) {
        // Its operator chose how long the prefix is: of 96 bits, or of 48 with an octet between.
        const auto split =
            static_cast<std::uint32_t>((high & 0xffff) << 16 | ((low >> 40) & 0xffff));
        const bool is_short = (low & 0xffffffff) == 0;  // nothing stands behind the address
        return {is_short ? address : last_four(address),
                split == 0 ? address : IpAddress::v4(split)};
    }
    if (high >> 48 == 0x2002) {
        return {address, IpAddress::v4(static_cast<std::uint32_t>(high >> 16))};
    }
    return {address, address};
}

/// None where a check may go there.
const Refused* refusal_of(const IpAddress& address) {
    const auto* const found = std::ranges::find_if(kRefused, [&](const Refused& refused) {
        return address.masked(refused.bits) == refused.prefix;
    });
    return found == kRefused.end() ? nullptr : found;
}

}  // namespace

bool asks_alike(const Health& left, const Health& right) {
    return left.checks == right.checks && left.need == right.need && left.timing == right.timing;
}

bool is_pushed(const std::vector<HealthCheck>& checks) {
    return checks.size() == 1 && checks.front().kind == CheckKind::File;
}

HealthTiming pushed_timing() {
    return {.fall = 1, .rise = 1, .hold = std::chrono::milliseconds(0)};
}

bool depends_on_place(const std::vector<HealthCheck>& checks) {
    return std::ranges::any_of(
        checks, [](const HealthCheck& check) { return !asks_the_address(check.kind); });
}

std::vector<HealthCheck> checks_at(std::vector<HealthCheck> checks, const CheckedPlace& place) {
    for (HealthCheck& check : checks) {
        if (!asks_the_address(check.kind)) { check.place = place; }
    }
    return checks;
}

std::chrono::milliseconds usual_timeout(std::chrono::milliseconds every) {
    return std::min(HealthTiming().timeout, every * 3 / 5);
}

std::string_view why_not_probed(const IpAddress& address) {
    for (const IpAddress& end : ends_of(address)) {
        if (const Refused* refusal = refusal_of(end)) { return refusal->why; }
    }
    return {};
}

}  // namespace meridian::zones
