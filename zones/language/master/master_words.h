// Reads the words of a record in a master file: TTL, class, type, data.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "meridian/dns/types.h"
#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

struct MasterTtl {
    std::uint32_t seconds = 0;
    /// The word says more than kMaxTtlSeconds; the TTL is then kMaxTtlSeconds (RFC 8767 §4).
    bool is_cut = false;
};

/// Whole seconds, or numbers with units in any order and case: "1h30m", "2W". None for any other
/// word.
std::optional<MasterTtl> read_master_ttl(std::string_view word);

/// IN, CH, CS, HS, or "CLASS32" (RFC 3597 §5), in any case.
std::optional<std::uint16_t> read_master_class(std::string_view word);

/// The text between quotes that enclose the whole word; any other word as it is.
std::string_view without_quotes(std::string_view word);

/// A name with `\DDD` in place of octets outside ASCII: a label may have any octet.
std::string with_escaped_octets(std::string_view name);

/// A word of the data as the reader of data takes it; `index` counts from 0. The SOA's times may
/// have units, as BIND writes them, and octets that are no ASCII stand in names as `\DDD`.
std::string data_word(std::string_view word, dns::Type type, std::size_t index);
/// Whether that differs from how such a word is written.
bool rewrites_words(dns::Type type, std::span<const std::string_view> words);

/// Whether `word` begins with a mark that begins a comment elsewhere: "#", "//", "/*".
bool begins_foreign_comment(std::string_view word);

/// How much of a word a diagnostic shows: enough to find the place.
constexpr std::size_t kShownOctets = 40;
/// The front of a text of a master file, in quotes for a diagnostic.
std::string quoted_start(std::string_view text);

}  // namespace meridian::zones
