// Recognises records that can be served and were hardly meant so.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "meridian/dns/record_set.h"
#include "meridian/dns/types.h"
#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

/// How the text of a TXT or SPF record is written.
enum class TextForm : std::uint8_t {
    Plain,         ///< The text itself, as in TOML.
    Presentation,  ///< With quotes around it and escapes in it, as in master files.
};

/// What to warn of in the text of a TXT or SPF record: quotes of its own, or `\;`, which other
/// forms want. Null for nothing, and for other types.
const Message* odd_text(dns::Type type, const dns::Rdata& rdata, TextForm form);

/// Whether the data are names of hosts, in which nobody wants an "@".
bool holds_host_names(dns::Type type);

/// Whether `word`, a name as it is written, has an "@" that is no word of its own and not escaped.
bool has_at_sign_within(std::string_view word);

}  // namespace meridian::zones
