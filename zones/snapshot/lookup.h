// Finds what the zones have for a name: RFC 1034 §4.3.2 over the name table.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "meridian/dns/query.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

/// Looks the query's name up; `hash` is that of its lower-cased wire form.
Found find_name(const SnapshotData& data, const dns::Query& query, std::uint64_t hash);

/// The same for a name that is no question's, such as the target of an alias: an uncompressed wire
/// name in any case.
Found find_name(const SnapshotData& data, std::span<const std::uint8_t> name, dns::Type type);

}  // namespace meridian::zones
