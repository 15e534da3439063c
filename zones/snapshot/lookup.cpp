// Finds what the zones have for a name: RFC 1034 §4.3.2 over the name table.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/lookup.h"

#include <span>

namespace meridian::zones {
namespace {

Found at_node(const SnapshotData& data, NodeId id, dns::Type type) {
    const Node& node = data.names.node(id);
    // DS stands on the parent's side of a cut (RFC 4035 §3.1.4.1).
    const bool is_parent_side = type == dns::Type::DS && data.cuts[node.cut].node == id;
    if (node.cut != 0 && !is_parent_side) {
        return {FoundKind::Delegated, node.zone, id, node.cut};
    }
    return {FoundKind::Node, node.zone, id, 0};
}

/// What an ancestor says of a name that does not exist below it (RFC 4592 §3.3.1).
Found below_closest_encloser(const SnapshotData& data, NodeId id) {
    const Node& encloser = data.names.node(id);
    if (encloser.cut != 0) { return {FoundKind::Delegated, encloser.zone, id, encloser.cut}; }
    if (encloser.wildcard != 0) { return {FoundKind::Node, encloser.zone, encloser.wildcard, 0}; }
    return {FoundKind::NoSuchName, encloser.zone, 0, 0};
}

}  // namespace

Found find_name(const SnapshotData& data, const dns::Query& query, std::uint64_t hash) {
    const std::span<const std::uint8_t> name = query.name_wire();
    if (const NodeId exact = data.names.find(name, hash); exact != 0) {
        return at_node(data, exact, query.type);
    }
    for (std::size_t cut_labels = 1; cut_labels <= query.label_count; ++cut_labels) {
        const std::size_t labels_left = query.label_count - cut_labels;
        if (!data.label_counts[labels_left]) { continue; }
        const std::size_t start =
            labels_left == 0 ? name.size() - 1 : query.label_starts[cut_labels];
        if (const NodeId encloser = data.names.find(name.subspan(start)); encloser != 0) {
            return below_closest_encloser(data, encloser);
        }
    }
    return {};
}

Found find_name(const SnapshotData& data, const dns::Name& name) {
    if (const NodeId exact = data.names.find(name.wire()); exact != 0) {
        return at_node(data, exact, dns::Type::A);
    }
    for (dns::Name ancestor = name; !ancestor.is_root();) {
        ancestor = ancestor.parent();
        if (const NodeId encloser = data.names.find(ancestor.wire()); encloser != 0) {
            return below_closest_encloser(data, encloser);
        }
    }
    return {};
}

}  // namespace meridian::zones
