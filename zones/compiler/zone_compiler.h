// Compiles one zone into a snapshot: its nodes, sets, images and cuts.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <unordered_map>
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
    NodeId add_node(const dns::Name& name);
    void add_nodes();
    void add_cuts();
    void fill_cut(const Owner& owner, NodeId node, std::uint32_t cut_number);
    void assign_cuts();
    void add_sets(const Owner* owner, NodeId node, std::vector<PendingAlias>& pending);
    void add_apex_sets(std::vector<SetEntry>& entries);
    ImageRef add_image(const dns::RecordSet& records, const TextPosition& position);
    void complain(const TextPosition& position, std::string message);

    SnapshotData& data_;
    PolicyCompiler& policies_;
    const Zone& zone_;
    std::uint16_t zone_index_;
    std::set<dns::Name> child_apexes_;
    Diagnostics& diagnostics_;
    dns::Name apex_;             ///< In lower case.
    std::vector<NodeId> nodes_;  ///< All of the zone, the apex first.
    std::unordered_map<NodeId, const Owner*> owners_;
};

}  // namespace meridian::zones
