// Reads the most common RDATA without allocating anything but the result.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "meridian/dns/rdata.h"

namespace meridian::dns {

/// Reads A, AAAA, NS, CNAME, PTR, DNAME, MX, SRV, TXT and SPF without escapes and faults. Returns
/// none for anything else: then `read_rdata_by_fields` decides, which reads all forms and reports
/// all errors.
std::optional<Rdata> read_plain_rdata(Type type, std::string_view text, const Name& origin);

/// What parse_rdata calls where `read_plain_rdata` returns none. Where both return data, they
/// return the same.
Result<Rdata, RdataError> read_rdata_by_fields(Type type, std::string_view text, const Name& origin,
                                               RdataWarnings& warnings);

}  // namespace meridian::dns
