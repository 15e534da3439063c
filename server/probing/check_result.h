// Says how a check of an address ended, and whether a failure may be this server's own blindness.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "meridian/ip_address.h"

namespace meridian::server {

/// By family, IPv4 first.
using FamilySet = std::array<bool, 2>;

constexpr FamilySet only(Family family) {
    return {family == Family::V4, family == Family::V6};
}

enum class FailureKind : std::uint8_t {
    TimedOut,
    Unreachable,     ///< No way to its network or host, or none from here.
    Reset,           ///< Before the first octet of a reply.
    Refused,         ///< The address is there, and nothing listens.
    BadStatus,       ///< Of HTTP.
    BadBody,         ///< It lacks the text.
    BadCertificate,  ///< Ended, of another name, or of an unknown authority.
    Redirect,        ///< Where the check does not ask for one.
    Other,           ///< No HTTP, a failed handshake, closed before a reply.
};

/// Whether such a failure is seen when the way from here is cut. All others prove that the way to
/// the address is open.
constexpr bool is_sign_of_blindness(FailureKind kind) {
    return kind == FailureKind::TimedOut || kind == FailureKind::Unreachable ||
           kind == FailureKind::Reset;
}

/// What one check found.
struct CheckResult {
    std::optional<FailureKind> failure = {};  ///< None: it passed.
    std::string text = {};  ///< Why it failed, in a few words: "connect timed out", "503".

    [[nodiscard]] bool passed() const { return !failure.has_value(); }
    [[nodiscard]] bool is_sign() const { return failure && is_sign_of_blindness(*failure); }
};

}  // namespace meridian::server
