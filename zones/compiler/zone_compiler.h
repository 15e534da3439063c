// Compiles one zone into a snapshot: its nodes, sets, images and cuts.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"
#include "zones/compiler/policy_compiler.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

/// A CNAME whose target can only be looked up once all zones are in.
struct PendingAlias {
    std::uint32_t alias = 0;
    std::uint16_t zone = 0;
    dns::Name target;  ///< In lower case.
};

/// Adds one zone, in any order: a parent makes no node at or below the apex of a child, only those
/// that lead there.
class ZoneCompiler {
public:
    /// `child_apexes` are those of the server's zones below this one, in lower case.
    ZoneCompiler(SnapshotData& data, PolicyCompiler& policies, const Zone& zone,
                 std::uint16_t zone_index, std::set<dns::Name> child_apexes,
                 Diagnostics& diagnostics);

    void run(std::vector<PendingAlias>& pending);

private:
    [[nodiscard]] bool belongs_to_child(const dns::Name& name) const;
    NodeId add_node(std::span<const std::uint8_t> name);
    [[nodiscard]] const Owner* owner_of(const dns::Name& name) const;
    void add_nodes();
    void add_cuts();
    void fill_cut(const Owner& owner, NodeId node, std::uint32_t cut_number);
    std::uint32_t assign_cut(std::size_t node);
    void add_sets(const Owner* owner, NodeId node, std::vector<PendingAlias>& pending);
    void add_apex_sets();
    ImageRef add_image(const dns::RecordSet& records, const TextPosition& position);
    void complain(const TextPosition& position, std::string message);

    SnapshotData& data_;
    PolicyCompiler& policies_;
    const Zone& zone_;
    std::uint16_t zone_index_;
    std::set<dns::Name> child_apexes_;
    Diagnostics& diagnostics_;
    dns::Name apex_;  ///< In lower case.

    /// What is known of a node only while the zone is compiled.
    struct Place {
        std::uint32_t parent = 0;  ///< Number of the place; the apex is its own.
        bool has_all_cuts = false;
        const Owner* owner = nullptr;  ///< None where nothing stands but names below.
    };
    NodeId first_node_ = 0;      ///< The apex; the zone's other nodes follow without a gap.
    std::vector<Place> places_;  ///< Of all the zone's nodes.
    std::vector<SetEntry> entries_;
};

}  // namespace meridian::zones
