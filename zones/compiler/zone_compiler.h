// Compiles one zone into a snapshot: its nodes, sets, images and cuts.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "meridian/dns/image.h"
#include "meridian/dns/name.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"
#include "zones/compiler/additional_compiler.h"
#include "zones/compiler/policy_compiler.h"
#include "zones/compiler/zones_below.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

/// A CNAME whose target can only be looked up once all zones are in.
struct PendingAlias {
    std::uint32_t alias = 0;
    dns::Name target;  ///< In lower case.
};

/// Adds one zone, in any order: a parent makes no node at or below the apex of a child, only those
/// that lead there.
class ZoneCompiler {
public:
    /// `children` are the server's zones below this one. Expects that SnapshotData::zones has room
    /// for all zones already.
    ZoneCompiler(SnapshotData& data, PolicyCompiler& policies, const Zone& zone,
                 std::uint16_t zone_index, ZonesByApex children, Diagnostics& diagnostics);

    void run(std::vector<PendingAlias>& pending);

private:
    void add_facts();
    [[nodiscard]] std::uint16_t label_end(const dns::Name& name) const;
    [[nodiscard]] bool belongs_to_child(const dns::Name& name) const;
    NodeId add_node(std::span<const std::uint8_t> name);
    [[nodiscard]] const Owner* owner_of(NodeId node) const {
        return places_[node - first_node_].owner;
    }
    [[nodiscard]] std::uint32_t cut_of(NodeId node) const {
        return data_.names.links(data_.names.node(node)).cut;
    }
    void add_nodes();
    void add_cuts();
    std::uint32_t assign_cut(std::size_t node);
    void adopt_children();
    void fill_cut(Cut& cut, AdditionalCompiler& additional);
    void add_additional();
    void add_sets(const Owner* owner, NodeId node, std::vector<PendingAlias>& pending);
    void add_apex_sets();
    /// Of a set whose owner is the node, or is what a wildcard at the node covers.
    ImageRef add_image(NodeId node, const dns::RecordSet& records, const TextPosition& position);
    ImageRef keep_image(const Result<dns::ImageBuffer, Unit>& image, dns::Type type,
                        const TextPosition& position);
    void complain(const TextPosition& position, dns::Type type);

    SnapshotData& data_;
    PolicyCompiler& policies_;
    const Zone& zone_;
    std::uint16_t zone_index_;
    ZonesByApex children_;
    Diagnostics& diagnostics_;
    dns::Name apex_;  ///< In lower case.
    dns::RecordSet nameservers_;

    /// What is known of a node only while the zone is compiled.
    struct Place {
        std::uint32_t parent = 0;  ///< Number of the place; the apex is its own.
        bool has_all_cuts = false;
        const Owner* owner = nullptr;  ///< None where nothing stands but names below.
    };
    /// A set whose targets are looked up once all of the zone is in.
    struct PendingLink {
        NodeId node = 0;
        std::uint32_t set = 0;  ///< Its place among the node's.
        const dns::RecordSet* records = nullptr;
    };
    NodeId first_node_ = 0;      ///< The apex; the zone's other nodes follow without a gap.
    std::vector<Place> places_;  ///< Of all the zone's nodes.
    std::uint32_t first_cut_ = 0;
    std::map<dns::Name, const OwnedSet*> delegation_signers_;  ///< Of names that are a child's.
    std::vector<PendingLink> pending_links_;
    std::vector<SetEntry> entries_;
};

}  // namespace meridian::zones
