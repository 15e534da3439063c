// Reads the numbers in RDATA, including times and mnemonics.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "dns/wire/rdata_shape.h"
#include "dns/wire/rdata_token.h"

namespace meridian::dns {

/// False where there is nothing at all.
bool holds_only_digits(std::string_view text);

/// A decimal number without a sign, at most `maximum`.
Result<std::uint32_t, RdataError> read_number(std::string_view text, std::size_t column,
                                              std::string_view name, std::uint32_t maximum);

/// One word that is a number of 1, 2 or 4 octets.
Refusal read_integer(TokenCursor& cursor, std::string_view name, unsigned octets, Rdata& wire);

/// Seconds, or "1h30m". It is a TTL by another name, so RFC 2181 §8 gives the bound.
Refusal read_period(TokenCursor& cursor, std::string_view name, Rdata& wire);

/// Fourteen digits are a date, fewer are seconds since 1970 (RFC 4034 §3.2).
Refusal read_time(TokenCursor& cursor, std::string_view name, Rdata& wire);

/// A DNSSEC algorithm or a similar code: a number, or a mnemonic that ldns knows.
Refusal read_mnemonic(FieldKind kind, TokenCursor& cursor, std::string_view name, Rdata& wire);

void append(Rdata& wire, std::span<const std::uint8_t> octets);
void append_u16(Rdata& wire, std::uint32_t value);
void append_u32(Rdata& wire, std::uint32_t value);

}  // namespace meridian::dns
