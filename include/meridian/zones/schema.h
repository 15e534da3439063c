// Lists every key of the zone language, including those of later versions.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "meridian/zones/key_rows.h"

namespace meridian::zones::schema {

/// The keys at the top of a zone file; its rows have the tables below. Reader, reference page and
/// JSON Schema all come from this list.
std::span<const KeyRow> zone_keys();

/// The keys of a file without `zone`, a library: those rows of a zone file that zones can share.
std::span<const KeyRow> library_keys();

/// The keys under a name of `[records]`, beside the RR types.
std::span<const KeyRow> owner_keys();

/// The keys in the braces of an RRset: `{ ttl = "4h", data = [...] }`, with one of `data` and
/// `rdata`.
std::span<const KeyRow> record_set_keys();

/// The types with a name that can stand in a zone, in small letters, in the order of their numbers.
/// Beside them stands "type65534" for any other (RFC 3597 §5).
const std::vector<std::string>& record_types();

}  // namespace meridian::zones::schema
