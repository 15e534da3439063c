// Lists every key of the zone language, those of later versions included.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "meridian/zones/key_rows.h"

namespace meridian::zones::schema {

/// The top of a zone file; the tables below it hang from its rows. Reader, reference page and JSON
/// Schema know no other list of keys.
std::span<const KeyRow> zone_keys();

/// The keys of a file without `zone`, a library: those rows of a zone file that zones can share.
std::span<const KeyRow> library_keys();

/// Under a name of `[records]`, beside the RR types.
std::span<const KeyRow> owner_keys();

/// In the braces of an RRset: `{ ttl = "4h", data = [...] }`, with one of `data` and `rdata`.
std::span<const KeyRow> record_set_keys();

/// The types with a name that can stand in a zone, in small letters, in the order of their numbers.
/// Beside them stands "type65534" for any other (RFC 3597 §5).
const std::vector<std::string>& record_types();

}  // namespace meridian::zones::schema
