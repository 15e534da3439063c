// Turns RDATA between an operator's text and wire form.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/wire/record_set.h"
#include "meridian/result.h"

namespace meridian::dns {

struct RdataError {
    std::string_view code;   ///< "number-too-large"; it lives as long as the program.
    std::string text;        ///< "preference 70000 is over 65535"
    std::string hint;        ///< "expected PREFERENCE EXCHANGE, such as \"10 mail\""; may be empty
    std::size_t column = 0;  ///< Where in the text, in octets from 0.
};

/// What is odd about data that is served all the same.
using RdataWarnings = std::vector<RdataError>;

/// Reads presentation form of any data type, RFC 3597's `\# LENGTH HEX` included; names without a
/// final dot continue with `origin`. The result is canonical wire form without compression.
///
/// ldns reads single fields (base64, hexadecimal, mnemonics, type bitmaps and the like), but it
/// does not check what operators write (DESIGN decision 4). So each field's text is checked before
/// ldns reads it, and the wire form of the whole afterwards. Our own code reads numbers, names,
/// addresses, strings, LOC and SvcParams; TXT and SPF never reach ldns. An unquoted `;`, where a
/// master file would begin a comment, is refused, as are parentheses: the caller joins lines. Adds
/// to `warnings` what it corrected and what clients will ignore; after a refusal they mean nothing.
/// Load time only; may allocate, never throws.
Result<Rdata, RdataError> parse_rdata(Type type, std::string_view text, const Name& origin,
                                      RdataWarnings& warnings);
/// The same for a caller that does not report warnings.
Result<Rdata, RdataError> parse_rdata(Type type, std::string_view text, const Name& origin);

/// The value of a TXT or SPF record from plain text: cut into character-strings of 255 octets (RFC
/// 1035 §3.3.14). An empty text is one empty string. Fails over 65535 octets.
Result<Rdata, RdataError> text_rdata(std::string_view text);

/// Presentation form, as dig prints it, for `why` and for tests. Falls back to RFC 3597's.
std::string rdata_to_text(Type type, const Rdata& rdata);

/// The name that a record points to: NS, CNAME, PTR, DNAME, MX, SRV, SVCB, HTTPS. None for other
/// types.
std::optional<Name> target_name(Type type, const Rdata& rdata);

/// What each word of a type's presentation form is: one bit a word, the lowest for the first. Where
/// names or texts go on to the end, all higher bits are set.
struct DataWords {
    std::uint16_t names = 0;  ///< Domain names.
    std::uint16_t texts = 0;  ///< Text for people or programs, with quotes or without.

    [[nodiscard]] bool is_name(std::size_t word) const { return has(names, word); }
    [[nodiscard]] bool is_text(std::size_t word) const { return has(texts, word); }

private:
    static bool has(std::uint16_t bits, std::size_t word) {
        return (bits >> (word < 15 ? word : 15) & 1) != 0;
    }
};
/// No bits for a type without a form of its own.
DataWords data_words(Type type);

/// Whether the data of an SVCB or HTTPS record contains addresses, by ipv4hint or ipv6hint (RFC
/// 9460 §7.3).
bool has_address_hints(const Rdata& rdata);

}  // namespace meridian::dns
