// Turns RDATA between an operator's text and wire form.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/record_set.h"
#include "meridian/result.h"

namespace meridian::dns {

struct RdataError {
    std::string_view code;   ///< "number-too-large"; it lives as long as the program.
    std::string message;     ///< "preference 70000 is over 65535"
    std::string hint;        ///< "expected PREFERENCE EXCHANGE, such as \"10 mail\""; may be empty
    std::size_t column = 0;  ///< Where in the text, in octets from 0.
};

/// What is odd about data that can be served all the same.
using RdataWarnings = std::vector<RdataError>;

/// Reads presentation form of any data type, RFC 3597's `\# LENGTH HEX` included; names without a
/// final dot continue with `origin`. The result is canonical wire form without compression.
///
/// ldns reads single fields (base64, hexadecimal, mnemonics, type bitmaps and the like), but it
/// does not check what operators write (DESIGN decision 4), so each field's text is checked before
/// it and the wire form of the whole after it. Numbers, names, addresses, strings, LOC and
/// SvcParams are read by us, and TXT and SPF never reach ldns. Where a master file would begin a
/// comment, at an unquoted `;`, the text is refused, as are parentheses: joining lines is the
/// caller's work. Adds to `warnings` what it had to mend and what clients will ignore; with a
/// refusal they mean nothing. Load time only; may allocate, never throws.
Result<Rdata, RdataError> parse_rdata(Type type, std::string_view text, const Name& origin,
                                      RdataWarnings& warnings);
/// The same for whoever has nobody to tell of warnings.
Result<Rdata, RdataError> parse_rdata(Type type, std::string_view text, const Name& origin);

/// The value of a TXT or SPF record from plain text: cut into character-strings of 255 octets (RFC
/// 1035 §3.3.14). An empty text is one empty string. Fails over 65535 octets.
Result<Rdata, RdataError> text_rdata(std::string_view text);

/// Presentation form, as dig prints it, for `why` and for tests. Falls back to RFC 3597's.
std::string rdata_to_text(Type type, const Rdata& rdata);

/// The name that a record points to: NS, CNAME, PTR, DNAME, MX, SRV, SVCB, HTTPS. None for other
/// types.
std::optional<Name> target_name(Type type, const Rdata& rdata);

/// Whether the data of an SVCB or HTTPS record names addresses, by ipv4hint or ipv6hint
/// (RFC 9460 §7.3).
bool has_address_hints(const Rdata& rdata);

}  // namespace meridian::dns
