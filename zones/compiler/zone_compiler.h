// Compiles one zone: its nodes, sets, images and cuts.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "meridian/dns/image.h"
#include "meridian/dns/name.h"
#include "meridian/zones/compiled_zone.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"
#include "zones/compiler/additional_compiler.h"
#include "zones/compiler/policy_pool.h"
#include "zones/compiler/zone_draft.h"

namespace meridian::zones {

/// For one zone. It leaves the names at and below the apexes of other zones to these, but for their
/// DS records.
class ZoneCompiler {
public:
    /// `zones_below` are the apexes right below this zone, sorted, in lower case.
    ZoneCompiler(const Zone& zone, std::span<const dns::Name> zones_below, std::uint64_t hash_seed,
                 PolicyPool& policies);

    /// Once. The errors are sets that are too large for a message.
    Result<std::shared_ptr<const CompiledZone>, Diagnostics> run();

private:
    void add_facts();
    [[nodiscard]] std::uint16_t label_end(const dns::Name& name) const;
    [[nodiscard]] bool belongs_to_zone_below(const dns::Name& name) const;
    NodeId add_node(std::span<const std::uint8_t> labels);
    NodeId add_node(const dns::Name& name);
    [[nodiscard]] const Owner* owner_of(NodeId node) const { return drafts_[node].owner; }
    void add_nodes();
    void add_owner(const Owner& owner);
    void add_cuts();
    std::uint32_t assign_cut(NodeId id);
    void fill_cut(Cut& cut, AdditionalCompiler& additional);
    void add_additional();
    std::uint32_t steered_number(std::size_t service_index, std::uint32_t ttl_seconds);
    std::shared_ptr<const SteeringService> shared_service(std::size_t index);
    void add_steering(const Owner& owner);
    void add_set(NodeId id, const Owner& owner, const OwnedSet& set);
    void add_alias(NodeId id, const OwnedSet& set);
    void add_sets(NodeId id);
    void add_apex_sets();
    void add_delegation_signer(NodeId id);
    void store_entries(NodeId id);
    void resolve_aliases();
    /// Adds the image of a set whose owner is the node, or a name that a wildcard at the node
    /// covers.
    ImageRef add_image(NodeId node, const dns::RecordSet& records, const TextPosition& position);
    void complain(const TextPosition& position, dns::Type type);

    const Zone& zone_;
    PolicyPool& policies_;
    ZoneDraft draft_;
    ZoneFacts facts_;
    Diagnostics diagnostics_;
    dns::RecordSet nameservers_;

    /// Data of a node that is needed only while the zone is compiled.
    struct NodeDraft {
        NodeId parent = 0;  ///< The apex is its own.
        bool has_all_cuts = false;
        const Owner* owner = nullptr;  ///< Null where only names below have records.
        /// The apex of a zone below: the owner's DS records alone are ours.
        bool is_zone_below = false;
    };
    /// A set whose targets are found once all names of the zone are added.
    struct PendingLink {
        NodeId node = 0;
        std::uint32_t set = 0;  ///< Its number among the node's.
        const dns::RecordSet* records = nullptr;
    };
    struct PendingAlias {
        std::uint32_t alias = 0;
        dns::Name target;  ///< In lower case.
    };
    std::vector<NodeDraft> drafts_;  ///< By node; the first is never used.
    std::map<std::pair<std::size_t, std::uint32_t>, std::uint32_t> steered_;
    std::map<std::size_t, std::shared_ptr<const SteeringPolicy>> shared_policies_;   // by index
    std::map<std::size_t, std::shared_ptr<const SteeringService>> shared_services_;  // likewise
    std::vector<PendingLink> pending_links_;
    std::vector<PendingAlias> pending_aliases_;
    std::vector<SetEntry> entries_;
};

}  // namespace meridian::zones
