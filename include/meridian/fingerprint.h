// Fingerprints octets the same way on every machine, in every build and version.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace meridian {

/// Sixteen octets that stand for many.
struct Digest {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    friend constexpr bool operator==(const Digest&, const Digest&) = default;
    friend constexpr auto operator<=>(const Digest&, const Digest&) = default;

    /// 32 small hexadecimal digits.
    [[nodiscard]] std::string to_text() const {
        std::string text(32, '0');
        for (std::size_t i = 0; i < 16; ++i) {
            text[15 - i] = "0123456789abcdef"[(high >> (4 * i)) & 15];
            text[31 - i] = "0123456789abcdef"[(low >> (4 * i)) & 15];
        }
        return text;
    }
    /// Takes what `to_text` writes and nothing else.
    static std::optional<Digest> parse(std::string_view text) {
        if (text.size() != 32) { return {}; }
        Digest digest;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const auto value = std::string_view("0123456789abcdef").find(text[i]);
            if (value == std::string_view::npos) { return {}; }
            std::uint64_t& half = i < 16 ? digest.high : digest.low;
            half = (half << 4) | value;
        }
        return digest;
    }
};

/// FNV-1a of 128 bits (Fowler, Noll, Vo): two texts that differ by accident get the same digest
/// once in some 10^38. Whoever wants can find two that do, so it guards against nobody; a
/// cryptographic hash would, and cost ten times as much for each of a million records.
class Fingerprint {
public:
    /// That of a text alone.
    static Digest of(std::string_view text) {
        Fingerprint print;
        print.add(text);
        return print.digest();
    }

    void add(std::span<const std::uint8_t> octets) {
        for (const std::uint8_t octet : octets) {
            mix(octet);
        }
    }
    void add(std::string_view text) {
        for (const char character : text) {
            mix(static_cast<std::uint8_t>(character));
        }
    }
    /// As eight octets in network order.
    void add_number(std::uint64_t number) {
        const auto zeros = static_cast<std::size_t>(std::countl_zero(number)) / 8;
        state_ *= kPowers[zeros];  // to take in an octet of zero is but to multiply
        for (std::size_t octet = zeros; octet < 8; ++octet) {
            mix(static_cast<std::uint8_t>(number >> (56 - 8 * octet)));
        }
    }
    [[nodiscard]] Digest digest() const {
        return {static_cast<std::uint64_t>(state_ >> 64), static_cast<std::uint64_t>(state_)};
    }

private:
    __extension__ using State = unsigned __int128;
    static constexpr State kStart = (State{0x6c62272e07bb0142} << 64) | 0x62b821756295c58d;
    static constexpr State kPrime = (State{1} << 88) | 0x13b;
    static constexpr std::array<State, 9> kPowers = [] {
        std::array<State, 9> powers{1};
        for (std::size_t i = 1; i < powers.size(); ++i) {
            powers[i] = powers[i - 1] * kPrime;
        }
        return powers;
    }();

    void mix(std::uint8_t octet) { state_ = (state_ ^ octet) * kPrime; }

    State state_ = kStart;
};

}  // namespace meridian
