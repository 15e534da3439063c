// Tells whether two versions of a zone say the same to clients and secondaries.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "meridian/fingerprint.h"
#include "meridian/zones/zone.h"

namespace meridian::zones {

/// A fingerprint of what a zone says, the same on every machine. One of another format cannot be
/// compared: it tells neither that a zone changed nor that it did not.
struct ContentHash {
    /// Counted up with every change of what is hashed or how.
    static constexpr std::uint32_t kFormat = 1;

    std::uint32_t format = kFormat;
    Digest digest;

    friend bool operator==(const ContentHash&, const ContentHash&) = default;

    /// Such as "1-6c62272e07bb014262b821756295c58d".
    [[nodiscard]] std::string to_text() const;
    static std::optional<ContentHash> parse(std::string_view text);
};

/// Of all that a client or a secondary can see, except the serial: records with their TTLs, the
/// fields of the SOA, nameservers, and for steered names what decides and makes their answers.
///
/// Neither the order of records and names counts, nor the case of the names that records stand
/// under, nor what regions and policies are called, nor those that steer nothing. The order of
/// regions and of their addresses does: it decides ties, and what `max_addresses` leaves out.
ContentHash content_hash(const Zone& zone);

/// Of several zones together, in any order.
ContentHash content_hash(std::span<const ContentHash> zones);

}  // namespace meridian::zones
