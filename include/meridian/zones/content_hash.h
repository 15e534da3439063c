// Computes whether two versions of a zone are the same for clients and secondaries.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "meridian/digest.h"
#include "meridian/zones/model/zone.h"

namespace meridian::zones {

/// A digest of the content of a zone, the same on every machine. Hashes of different formats cannot
/// be compared: they show neither that a zone changed nor that it did not.
struct ContentHash {
    /// Raised with every change of what is hashed, or how.
    static constexpr std::uint32_t kFormat = 2;

    std::uint32_t format = kFormat;
    Digest digest;

    friend bool operator==(const ContentHash&, const ContentHash&) = default;

    /// Such as "2-6c62272e07bb014262b821756295c58d".
    [[nodiscard]] std::string to_text() const;
    static std::optional<ContentHash> parse(std::string_view text);
};

/// Hashes all that a client or a secondary can see, except the serial: records with their TTLs, the
/// fields of the SOA, nameservers, and for steered names the policies and regions behind them.
///
/// These do not count: the order of records and names, the case of owner names, the names of
/// regions and policies, and policies that steer no name. The order of regions and of their
/// addresses counts: it decides ties, and which addresses `max_addresses` leaves out.
ContentHash content_hash(const Zone& zone);

/// Hashes several zones together, in any order.
ContentHash content_hash(std::span<const ContentHash> zones);

}  // namespace meridian::zones
