// Holds a zone while it is compiled.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "meridian/dns/name.h"
#include "meridian/huge_pages.h"
#include "meridian/limits.h"
#include "meridian/zones/compiled_zone.h"
#include "zones/snapshot/image_store.h"
#include "zones/snapshot/name_table.h"
#include "zones/snapshot/zone_data.h"

namespace meridian::zones {

/// The parts of a ZoneData that still grow.
struct ZoneDraft {
    /// `lower_apex` is in lower case.
    ZoneDraft(std::uint64_t hash_seed, dns::Name lower_apex);

    /// The zone so far, for searches; until a part grows.
    [[nodiscard]] ZoneData view() const;
    [[nodiscard]] const Node& node(NodeId id) const { return names.parts().nodes[id]; }
    [[nodiscard]] const NodeLinks& links(NodeId id) const {
        return names.parts().links[node(id).links];
    }
    [[nodiscard]] std::span<const std::uint8_t> labels(NodeId id) const {
        return names.parts().names.subspan(node(id).name_offset, node(id).name_octets);
    }
    /// Writes the whole name of a node into `buffer`; returns the part that it takes.
    std::span<const std::uint8_t> write_name(NodeId id,
                                             std::span<std::uint8_t, kMaxNameOctets> buffer) const;
    [[nodiscard]] dns::Name name(NodeId id) const;
    /// A set of the node, by its number among the node's sets.
    [[nodiscard]] SetEntry& set_of(NodeId id, std::size_t number) {
        Node& owner = names.node(id);
        return owner.set_count == 1 ? owner.only_set : sets[owner.only_set.ref + number];
    }
    /// Moves the zone into one block.
    std::unique_ptr<const ZoneData, FreeZoneData> pack();

    std::uint64_t seed;
    dns::Name apex;
    NameTableBuilder names;
    std::array<std::uint64_t, 2> label_counts{};
    ImageStore images;
    LargeVector<SetEntry> sets;
    LargeVector<LinkedSet> linked_sets;
    LargeVector<HintedSet> hinted_sets;
    LargeVector<Alias> aliases;
    LargeVector<std::uint8_t> targets;
    LargeVector<Cut> cuts;
    LargeVector<AdditionalSet> additional;
    ImageRef negative_soa = 0;
    std::array<std::uint16_t, 2> soa_name_ends{};
};

}  // namespace meridian::zones
