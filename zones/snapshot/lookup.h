// Finds what the zones have for a name: RFC 1034 §4.3.2 over the name table.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "meridian/dns/query.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

enum class FoundKind : std::uint8_t {
    NotOurs,     ///< No zone here holds the name.
    Node,        ///< `node` answers: the name itself, or the wildcard that covers it.
    NoSuchName,  ///< NXDOMAIN in `zone`.
    Delegated,   ///< At or below the delegation `cut`.
};

struct Found {
    FoundKind kind = FoundKind::NotOurs;
    std::uint16_t zone = 0;
    NodeId node = 0;
    std::uint32_t cut = 0;
};

/// Looks the query's name up; `hash` is that of its lower-cased wire form.
Found find_name(const SnapshotData& data, const dns::Query& query, std::uint64_t hash);

/// The same for a name known at load time, such as a CNAME's target. Expects lower case.
Found find_name(const SnapshotData& data, const dns::Name& name);

}  // namespace meridian::zones
