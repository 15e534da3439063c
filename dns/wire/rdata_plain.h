// Reads the RDATA that zones are full of the short way, which allocates nothing but the result.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "meridian/dns/rdata.h"

namespace meridian::dns {

/// A, AAAA, NS, CNAME, PTR, DNAME, MX, SRV, TXT and SPF without escapes and faults. None for
/// anything else: then `read_rdata_by_fields`, which knows all forms and words all errors, decides.
std::optional<Rdata> read_plain_rdata(Type type, std::string_view text, const Name& origin);

/// What parse_rdata does where the short way gives nothing. Both give the same where both do.
Result<Rdata, RdataError> read_rdata_by_fields(Type type, std::string_view text, const Name& origin,
                                               RdataWarnings& warnings);

}  // namespace meridian::dns
