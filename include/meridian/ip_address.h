// Holds an IPv4 or IPv6 address in one left-aligned form.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meridian {

enum class Family : std::uint8_t { V4, V6 };

inline constexpr std::array kFamilies{Family::V4, Family::V6};

/// "IPv4" or "IPv6".
constexpr std::string_view family_name(Family family) {
    return family == Family::V4 ? "IPv4" : "IPv6";
}
/// The number that tables of both families have it under.
constexpr std::size_t index_of(Family family) {
    return family == Family::V4 ? 0 : 1;
}
/// Its name by that number.
constexpr std::string_view family_name(std::size_t family) {
    return family_name(family == 0 ? Family::V4 : Family::V6);
}

/// How many bits an address of the family has: 32 or 128.
constexpr std::uint8_t width_bits(Family family) {
    return family == Family::V4 ? 32 : 128;
}

/// An address. Its first bit is the top bit of `high()` in both families, so that prefix arithmetic
/// is written once. An IPv4 address fills the upper 32 bits; the rest is zero.
class IpAddress {
public:
    constexpr IpAddress() = default;  ///< 0.0.0.0
    static constexpr IpAddress v4(std::uint32_t address) {
        return {Family::V4, static_cast<std::uint64_t>(address) << 32, 0};
    }
    static constexpr IpAddress v6(std::uint64_t high, std::uint64_t low) {
        return {Family::V6, high, low};
    }
    static constexpr IpAddress left_aligned(Family family, std::uint64_t high, std::uint64_t low) {
        return {family, high, low};
    }
    /// Four or sixteen octets in network order.
    static IpAddress from_octets(Family family, const std::uint8_t* octets) {
        std::uint64_t high = 0;
        std::uint64_t low = 0;
        const int count = family == Family::V4 ? 4 : 16;
        for (int i = 0; i < count; ++i) {
            (i < 8 ? high : low) |= static_cast<std::uint64_t>(octets[i]) << (56 - 8 * (i % 8));
        }
        return {family, high, low};
    }
    /// Reads a dotted quad or RFC 4291 text; nothing else.
    static std::optional<IpAddress> parse(std::string_view text) {
        const std::string terminated(text);
        std::array<std::uint8_t, 16> octets{};
        if (terminated.size() != text.size() || text.find('\0') != text.npos) { return {}; }
        if (inet_pton(AF_INET, terminated.c_str(), octets.data()) == 1) {
            return from_octets(Family::V4, octets.data());
        }
        if (inet_pton(AF_INET6, terminated.c_str(), octets.data()) == 1) {
            return from_octets(Family::V6, octets.data());
        }
        return {};
    }

    [[nodiscard]] constexpr Family family() const { return family_; }
    [[nodiscard]] constexpr bool is_v4() const { return family_ == Family::V4; }
    [[nodiscard]] constexpr std::uint8_t width() const { return width_bits(family_); }
    [[nodiscard]] constexpr std::uint64_t high() const { return high_; }
    [[nodiscard]] constexpr std::uint64_t low() const { return low_; }
    [[nodiscard]] constexpr std::uint32_t as_v4() const {
        return static_cast<std::uint32_t>(high_ >> 32);
    }
    [[nodiscard]] std::array<std::uint8_t, 16> octets() const {
        std::array<std::uint8_t, 16> result{};
        for (unsigned i = 0; i < 16; ++i) {
            result[i] = static_cast<std::uint8_t>((i < 8 ? high_ : low_) >> (56 - 8 * (i % 8)));
        }
        return result;
    }
    /// The first `bits` bits; the rest is zero.
    [[nodiscard]] constexpr IpAddress masked(unsigned bits) const {
        if (bits >= 128) { return *this; }
        if (bits >= 64) {
            return {family_, high_, bits == 64 ? 0 : low_ & (~std::uint64_t{0} << (128 - bits))};
        }
        return {family_, bits == 0 ? 0 : high_ & (~std::uint64_t{0} << (64 - bits)), 0};
    }
    [[nodiscard]] constexpr bool bit(unsigned index) const {
        return ((index < 64 ? high_ >> (63 - index) : low_ >> (127 - index)) & 1) != 0;
    }
    [[nodiscard]] std::string to_string() const {
        const auto bytes = octets();
        char text[INET6_ADDRSTRLEN] = {};
        inet_ntop(is_v4() ? AF_INET : AF_INET6, bytes.data(), text, sizeof text);
        return text;
    }

    friend constexpr bool operator==(const IpAddress&, const IpAddress&) = default;
    friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

private:
    constexpr IpAddress(Family family, std::uint64_t high, std::uint64_t low)
        : family_(family), high_(high), low_(low) {}

    Family family_ = Family::V4;
    std::uint64_t high_ = 0;
    std::uint64_t low_ = 0;
};

}  // namespace meridian
