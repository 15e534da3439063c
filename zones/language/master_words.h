// Judges the words that stand before the data of a record in a master file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "meridian/dns/types.h"
#include "meridian/result.h"

namespace meridian::zones {

/// Whole seconds, or numbers with units in any order and case: "1h30m", "2W". The error says what
/// is wrong with the word.
Result<std::uint32_t, std::string> read_master_ttl(std::string_view word);

/// IN, CH, CS, HS, or "CLASS32" (RFC 3597 §5), in any case.
std::optional<std::uint16_t> read_master_class(std::string_view word);

/// The text between quotes that enclose the whole word; any other word as it is.
std::string_view without_quotes(std::string_view word);

}  // namespace meridian::zones
