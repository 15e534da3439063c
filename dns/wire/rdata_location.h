// Turns LOC between text and wire form.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "dns/wire/rdata_token.h"

namespace meridian::dns {

constexpr std::size_t kLocationOctets = 16;  // RFC 1876 §2

/// Reads all of LOC's text (RFC 1876 §3): `51 30 12.748 N 0 7 39.612 W 0m 10m 100m 10m`. Exact:
/// thousandths of a second and centimetres are integers here, never floating point.
Refusal read_location(TokenCursor& cursor, Rdata& wire);

/// The fault of the wire form, or none. Expects kLocationOctets.
Refusal check_location(std::span<const std::uint8_t> octets);

/// Expects octets that check_location accepts.
std::string print_location(std::span<const std::uint8_t> octets);

}  // namespace meridian::dns
