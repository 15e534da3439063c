// Judges the words that stand before the data of a record in a master file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "meridian/dns/types.h"
#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

struct MasterTtl {
    std::uint32_t seconds = 0;
    bool is_cut =
        false;  ///< The word says more than kMaxTtlSeconds, which count then (RFC 8767 §4).
};

/// Whole seconds, or numbers with units in any order and case: "1h30m", "2W". None for any other
/// word.
std::optional<MasterTtl> read_master_ttl(std::string_view word);

/// IN, CH, CS, HS, or "CLASS32" (RFC 3597 §5), in any case.
std::optional<std::uint16_t> read_master_class(std::string_view word);

/// The text between quotes that enclose the whole word; any other word as it is.
std::string_view without_quotes(std::string_view word);

/// How much of a word a message shows: enough to find the place.
constexpr std::size_t kShownOctets = 40;
/// The front of a text of a master file, in quotes for a message.
std::string quoted_start(std::string_view text);

}  // namespace meridian::zones
