// Recognises records that can be served, and that the operator hardly meant.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "meridian/dns/types.h"
#include "meridian/dns/wire/record_set.h"
#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

// Rare types with names of hosts or mailboxes, which no other code needs to know.
inline constexpr auto kTypeRp = static_cast<dns::Type>(17);     // RFC 1183
inline constexpr auto kTypeAfsdb = static_cast<dns::Type>(18);  // RFC 1183
inline constexpr auto kTypeKx = static_cast<dns::Type>(36);     // RFC 2230

/// How the text of a TXT or SPF record is written.
enum class TextForm : std::uint8_t {
    Plain,         ///< The text itself, as in TOML.
    Presentation,  ///< With quotes around it and escapes in it, as in master files.
};

/// What to warn of in the text of a TXT or SPF record: quotes of its own, `\;`, which other forms
/// want, blanks that are no plain spaces, and typography in data for machines. Null for nothing,
/// and for other types.
const DiagnosticKind* odd_text(dns::Type type, const dns::Rdata& rdata, TextForm form);

/// Whether the data are names of hosts; an "@" in those is a mistake.
bool holds_host_names(dns::Type type);

/// Whether `text`, a name as it is written, ends in `name`, in any case: `www.b.example` in
/// `b.example`.
bool ends_in_name(std::string_view text, std::string_view name);
/// Whether it ends in the labels of the zone and lacks the final dot. `apex_text` is as
/// Name::to_text gives it. Never for a zone of one label: "net.example" below "net" may well be
/// meant.
bool seems_to_lack_a_dot(std::string_view text, std::string_view apex_text);

/// Whether `text` begins with a tag and its value, as in DKIM and DMARC: `k=rsa`.
bool begins_with_tag(std::string_view text);

/// Whether `word`, a name as it is written, has an "@" that is no word of its own and not escaped.
bool has_at_sign_within(std::string_view word);

/// The mark in front of an owner, behind it or within it that was hardly meant as part of it: "x:",
/// "!x", "--x", "x,y". Empty where there is none, and where a backslash says that it is meant.
std::string_view mark_beside(std::string_view name);

/// Whether it has a "," or a ";" that is not escaped.
bool has_comma_within(std::string_view word);

}  // namespace meridian::zones
