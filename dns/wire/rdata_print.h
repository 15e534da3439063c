// Writes the fields of RDATA as text.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "dns/wire/rdata_shape.h"

namespace meridian::dns {

/// The text of one field, empty when the field is. Expects octets that take_field handed out.
std::string print_field(FieldKind kind, std::span<const std::uint8_t> octets);

/// In double quotes, what is special or unprintable escaped (RFC 1035 §5.1).
std::string print_quoted(std::span<const std::uint8_t> octets);

/// Two lower-case digits for each octet.
std::string print_hex(std::span<const std::uint8_t> octets);

}  // namespace meridian::dns
