// Holds a zone while it is compiled.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/compiler/zone_draft.h"

#include <array>
#include <utility>

#include "meridian/bytes.h"
#include "zones/snapshot/zone_block.h"

namespace meridian::zones {

ZoneDraft::ZoneDraft(std::uint64_t hash_seed, dns::Name lower_apex)
    : seed(hash_seed), apex(std::move(lower_apex)), names(hash_seed), cuts(1) {}

ZoneData ZoneDraft::view() const {
    ZoneData zone;
    zone.apex = apex.wire();
    zone.label_counts = label_counts;
    zone.names = names.table();
    zone.images = images.table();
    zone.sets = sets;
    zone.linked_sets = linked_sets;
    zone.hinted_sets = hinted_sets;
    zone.aliases = aliases;
    zone.targets = targets;
    zone.cuts = cuts;
    zone.additional = additional;
    zone.negative_soa = negative_soa;
    zone.soa_name_ends = soa_name_ends;
    zone.apex_labels = static_cast<std::uint8_t>(apex.label_count());
    return zone;
}

std::span<const std::uint8_t> ZoneDraft::write_name(
    NodeId id, std::span<std::uint8_t, kMaxNameOctets> buffer) const {
    const auto front = labels(id);
    copy_octets(front, buffer);
    copy_octets(apex.wire(), buffer.subspan(front.size()));
    return buffer.first(front.size() + apex.octets());
}

dns::Name ZoneDraft::name(NodeId id) const {
    std::array<std::uint8_t, kMaxNameOctets> buffer;
    return dns::Name::from_wire(write_name(id, buffer)).value();
}

std::unique_ptr<const ZoneData, FreeZoneData> ZoneDraft::pack() {
    names.fit();
    return zones::pack(view(), seed, names.parts(), images.units());
}

}  // namespace meridian::zones
