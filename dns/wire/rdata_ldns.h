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

/// What ldns makes of one field's text, in wire form; none when it refuses.
///
/// Expects text that was checked before: ldns lets numbers wrap and hexadecimal digits go astray.
/// Knows mnemonics (Algorithm, CertificateType, Tlsa*), Hex, Base64, HashedName, TypeBitmap,
/// Nsap, Locator64, Eui48 and Eui64.
std::optional<std::vector<std::uint8_t>> read_with_ldns(FieldKind kind, std::string text);

/// The text of one field in wire form; same kinds, save TypeBitmap.
std::optional<std::string> print_with_ldns(FieldKind kind, std::span<const std::uint8_t> octets);

}  // namespace meridian::dns
