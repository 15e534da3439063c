// Finds what the zones have for a name: RFC 1034 §4.3.2 over apexes and name tables.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/bytes.h"
#include "meridian/dns/query.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

/// A name in lower case, wire form, with its number of labels.
struct LowerName {
    std::span<const std::uint8_t> wire;
    std::size_t label_count;
};

/// The labels of a name in front of the apex of its zone, as NameTable has them.
struct NameInZone {
    std::span<const std::uint8_t> labels;
    std::size_t label_count;
};

/// Where the last `label_count` labels of a name begin. Expects a name of at least so many.
inline std::size_t suffix_begin(const LowerName& name, std::size_t label_count) {
    std::size_t begin = 0;
    for (std::size_t left = name.label_count; left > label_count; --left) {
        begin += std::size_t{1} + name.wire[begin];
    }
    return begin;
}

/// Expects a name at or below the apex.
inline NameInZone name_in_zone(const ZoneData& zone, const LowerName& name) {
    return {name.wire.first(name.wire.size() - zone.apex.size()),
            name.label_count - zone.apex_labels};
}

/// Whether a name lies at the apex or below it.
inline bool is_at_or_below(const LowerName& name, const ZoneData& zone) {
    return name.label_count >= zone.apex_labels &&
           same_octets(name.wire.subspan(suffix_begin(name, zone.apex_labels)), zone.apex);
}

/// The hash under which `find_zone` looks first.
std::uint64_t likely_apex_hash(const ApexTable& apexes, const LowerName& name);

/// The zone with the longest apex that ends the name; null where no zone here holds the name.
const ServedZone* find_zone(const SnapshotData& data, const LowerName& name);

/// Finds a name in its zone. `hash` is that of the labels.
FoundInZone find_in_zone(const ZoneData& zone, const NameInZone& name, dns::Type type,
                         std::uint64_t hash);

/// Finds a name in any case, uncompressed, such as the target of an alias, in all zones.
Found find_name(const SnapshotData& data, std::span<const std::uint8_t> name, dns::Type type);
/// The same for a zone that is not in a snapshot yet. Expects a name at or below its apex.
FoundInZone find_name(const ZoneData& zone, std::span<const std::uint8_t> name, dns::Type type);

/// Finds the DS records of a zone's apex, which are with the zone above it (RFC 4035 §3.1.4.1): the
/// node of the apex in that zone. NotOurs where none of our zones delegates to this one.
Found find_delegation_signer(const SnapshotData& data, const ServedZone& zone);

}  // namespace meridian::zones
