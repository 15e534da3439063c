// Holds a block of addresses.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "meridian/ip_address.h"

namespace meridian {

/// A block of addresses. Bits of `address` beyond `bits` are zero.
struct IpPrefix {
    IpAddress address;
    std::uint8_t bits = 0;  ///< 0-32 or 0-128

    static std::optional<IpPrefix> parse(std::string_view text) {
        const auto slash = text.find('/');
        const auto address = IpAddress::parse(text.substr(0, slash));
        if (!address) { return {}; }
        unsigned bits = address->width();
        if (slash != text.npos) {
            const auto digits = text.substr(slash + 1);
            if (digits.empty() || digits.size() > 3) { return {}; }
            bits = 0;
            for (const char digit : digits) {
                if (digit < '0' || digit > '9') { return {}; }
                bits = bits * 10 + static_cast<unsigned>(digit - '0');
            }
        }
        if (bits > address->width() || address->masked(bits) != *address) { return {}; }
        return IpPrefix{*address, static_cast<std::uint8_t>(bits)};
    }
    [[nodiscard]] constexpr bool contains(const IpAddress& other) const {
        return other.family() == address.family() && other.masked(bits) == address;
    }
    [[nodiscard]] std::string to_string() const {
        return address.to_string() + "/" + std::to_string(bits);
    }
    friend constexpr bool operator==(const IpPrefix&, const IpPrefix&) = default;
    friend constexpr auto operator<=>(const IpPrefix&, const IpPrefix&) = default;
};

}  // namespace meridian
