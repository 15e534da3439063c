// Reads the fields of RDATA that many types share.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "dns/wire/rdata_shape.h"
#include "dns/wire/rdata_token.h"

namespace meridian::dns {

/// Takes the tokens of one field of any kind and appends its wire form to `wire`.
Refusal read_field(const Field& field, TokenCursor& cursor, const Name& origin, Rdata& wire);

Refusal read_name(TokenCursor& cursor, std::string_view name, const Name& origin, Rdata& wire);
Refusal read_ipv4(TokenCursor& cursor, std::string_view name, Rdata& wire);
Refusal read_ipv6(TokenCursor& cursor, std::string_view name, Rdata& wire);

// Fields that one rare type has for itself (rdata_rare.cpp). Each function appends its field as
// `read_field` does.
Refusal read_address_prefixes(TokenCursor& cursor, Rdata& wire);
Refusal read_services(TokenCursor& cursor, Rdata& wire);
Refusal read_nsap(TokenCursor& cursor, Rdata& wire);
Refusal read_atm_address(TokenCursor& cursor, Rdata& wire);
Refusal read_ipsec_gateway(TokenCursor& cursor, const Name& origin, Rdata& wire);
Refusal read_amt_relay(TokenCursor& cursor, const Name& origin, Rdata& wire);
Refusal read_host_identity(TokenCursor& cursor, Rdata& wire);

/// Appends `text` as character-strings of at most 255 octets (RFC 1035 §3.3), at least one, which
/// may be empty.
void append_strings(std::string_view text, Rdata& wire);

/// Appends one word of base64 or of hexadecimal digits. Fails for an empty one.
Refusal append_base64(std::string_view text, std::size_t column, std::string_view name,
                      Rdata& wire);
Refusal append_hex(std::string_view text, std::size_t column, std::string_view name, Rdata& wire);

}  // namespace meridian::dns
