// Lists every key of the zone language, those of later versions included.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "meridian/zones/key_rows.h"

namespace meridian::zones::schema {

/// The top of a zone file; the tables below it hang from its rows. `[records]` stands there as
/// `Any`: its keys are names, under each of them the keys of `owner_keys` or a type.
std::span<const KeyRow> zone_keys();

/// Under a name, beside the RR types.
std::span<const KeyRow> owner_keys();

/// In the braces of an RRset: `{ ttl = "4h", data = [...] }`.
std::span<const KeyRow> record_set_keys();

}  // namespace meridian::zones::schema
