// Holds what the OPT record of a query says, and what that of an answer adds to it (RFC 6891).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "meridian/ip_address.h"

namespace meridian::dns {

/// The EDNS Client Subnet option of a query (RFC 7871 §6). Each option has one such value and each
/// value one option, so the exact echo (§7.2.1) is made from the value.
struct ClientSubnet {
    bool present = false;          ///< Else the other members are stale.
    std::uint8_t source_bits = 0;  ///< SOURCE PREFIX-LENGTH: 0-32 or 0-128.
    IpAddress address;             ///< Bits beyond SOURCE are zero.

    /// The octets of ADDRESS that SOURCE needs and the client sends, 0-16.
    [[nodiscard]] std::size_t address_octets() const { return (source_bits + 7u) / 8; }
};

/// The OPT record of a query with all options that this server knows.
struct Edns {
    bool present = false;
    bool dnssec_ok = false;        ///< DO, RFC 3225.
    std::uint8_t version = 0;      ///< Above 0 the query's error is BADVERS.
    std::uint16_t udp_octets = 0;  ///< As advertised, not raised to 512.
    ClientSubnet client_subnet;    ///< The first one; a second is ignored.
};

/// What the options of an answer say beyond what they repeat from the query.
struct AnswerOptions {
    std::uint8_t scope_bits = 0;  ///< SCOPE PREFIX-LENGTH of the client subnet (RFC 7871 §7.2.1).
};

/// The octets of the OPT record that answers this one, 0 where the query had none (RFC 6891 §7).
[[nodiscard]] std::size_t answer_opt_octets(const Edns& edns);

}  // namespace meridian::dns
