// Reads a DNS message into text, by code that shares nothing with the server's.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace meridian::tests {

/// A record as dig prints it: names with their final dot and in the case of the message.
struct DecodedRecord {
    std::string owner;
    std::uint32_t ttl_seconds = 0;
    std::string type;
    std::string rdata;

    /// "www.beigel.example. 60 A 192.0.2.10"
    [[nodiscard]] std::string text() const;
};

/// The fields of the OPT record.
struct DecodedEdns {
    bool present = false;
    std::uint8_t version = 0;
    bool dnssec_ok = false;
    std::uint16_t udp_octets = 0;
    std::vector<std::pair<std::uint16_t, std::vector<std::uint8_t>>> options;
};

struct DecodedMessage {
    std::uint16_t id = 0;
    bool is_response = false;
    std::uint8_t opcode = 0;
    bool authoritative = false;
    bool truncated = false;
    bool recursion_desired = false;
    bool recursion_available = false;
    bool reserved_bits = false;          ///< Z, AD or CD
    unsigned rcode = 0;                  ///< With the upper bits from OPT.
    std::vector<std::uint8_t> question;  ///< As it lies in the message.
    std::vector<DecodedRecord> answer;
    std::vector<DecodedRecord> authority;
    std::vector<DecodedRecord> additional;  ///< Without OPT.
    DecodedEdns edns;
};

/// Reads the whole message; throws std::runtime_error when any part is malformed, or when an octet
/// follows the last record. Knows the text of common types; RDATA of other types is written as RFC
/// 3597 does.
DecodedMessage decode_message(std::span<const std::uint8_t> message);

/// "NXDOMAIN" for 3.
std::string rcode_name(unsigned rcode);

}  // namespace meridian::tests
