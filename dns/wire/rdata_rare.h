// Reads the fields of RDATA that one rare type has for itself.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dns/wire/rdata_token.h"

namespace meridian::dns {

// Each takes the tokens of its field and appends the wire form, as read_field does.
Refusal read_address_prefixes(TokenCursor& cursor, Rdata& wire);
Refusal read_services(TokenCursor& cursor, Rdata& wire);
Refusal read_nsap(TokenCursor& cursor, Rdata& wire);
Refusal read_atm_address(TokenCursor& cursor, Rdata& wire);
Refusal read_ipsec_gateway(TokenCursor& cursor, const Name& origin, Rdata& wire);
Refusal read_amt_relay(TokenCursor& cursor, const Name& origin, Rdata& wire);
Refusal read_host_identity(TokenCursor& cursor, Rdata& wire);

}  // namespace meridian::dns
