// Opens the one door to ldns for single fields of RDATA.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dns/wire/rdata_shape.h"

namespace meridian::dns {

/// The wire form that ldns makes of one field's text; none when it refuses the text.
///
/// Expects checked text: ldns lets numbers wrap and accepts wrong hexadecimal digits. Reads
/// mnemonics (Algorithm, CertificateType, Tlsa*), Hex, Base64, HashedName, TypeBitmap, Nsap,
/// Locator64, Eui48 and Eui64.
std::optional<std::vector<std::uint8_t>> read_with_ldns(FieldKind kind, std::string text);

/// The text of one field in wire form; the same kinds except TypeBitmap.
std::optional<std::string> print_with_ldns(FieldKind kind, std::span<const std::uint8_t> octets);

}  // namespace meridian::dns
