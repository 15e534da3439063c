// Writes the fields of RDATA as text.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "dns/wire/rdata_shape.h"

namespace meridian::dns {

/// The text of one field, empty when the field is. Expects octets that take_field returned.
std::string print_field(FieldKind kind, std::span<const std::uint8_t> octets);

/// The address that four or sixteen octets hold.
std::string print_address(std::span<const std::uint8_t> octets);

/// The text in double quotes, special and unprintable octets escaped (RFC 1035 §5.1).
std::string print_quoted(std::span<const std::uint8_t> octets);

/// Two lower-case digits for each octet.
std::string print_hex(std::span<const std::uint8_t> octets);

}  // namespace meridian::dns
