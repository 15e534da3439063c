// Finds what the zones have for a name: RFC 1034 §4.3.2 over the name table.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/lookup.h"

#include <span>

#include "meridian/dns/ascii_case.h"
#include "meridian/limits.h"

namespace meridian::zones {
namespace {

Found at_node(const SnapshotData& data, NodeId id, dns::Type type) {
    const Node& node = data.names.node(id);
    const std::uint32_t cut = data.names.links(node).cut;
    // DS stands on the parent's side of a cut (RFC 4035 §3.1.4.1).
    const bool is_parent_side = type == dns::Type::DS && data.cuts[cut].node == id;
    if (cut != 0 && !is_parent_side) { return {FoundKind::Delegated, node.zone, id, cut}; }
    return {FoundKind::Node, node.zone, id, 0};
}

/// What an ancestor says of a name that does not exist below it (RFC 4592 §3.3.1).
Found below_closest_encloser(const SnapshotData& data, NodeId id) {
    const Node& encloser = data.names.node(id);
    const NodeLinks& links = data.names.links(encloser);
    if (links.cut != 0) { return {FoundKind::Delegated, encloser.zone, id, links.cut}; }
    if (encloser.redirects) { return {FoundKind::Redirected, encloser.zone, id, 0}; }
    if (links.wildcard != 0) { return {FoundKind::Node, encloser.zone, links.wildcard, 0}; }
    return {FoundKind::NoSuchName, encloser.zone, 0, 0};
}

using Octets = std::span<const std::uint8_t>;

/// Expects lower case.
Found find_lower(const SnapshotData& data, Octets name, std::size_t label_count, dns::Type type,
                 std::uint64_t hash) {
    if (const NodeId exact = data.names.find(name, hash); exact != 0) {
        return at_node(data, exact, type);
    }
    std::size_t start = 0;
    for (std::size_t labels_left = label_count; labels_left > 0;) {
        start += std::size_t{1} + name[start];
        --labels_left;
        if (!data.label_counts[labels_left]) { continue; }
        if (const NodeId encloser = data.names.find(name.subspan(start)); encloser != 0) {
            return below_closest_encloser(data, encloser);
        }
    }
    return {};
}

}  // namespace

Found find_name(const SnapshotData& data, const dns::Query& query, std::uint64_t hash) {
    return find_lower(data, query.name_wire(), query.label_count, query.type, hash);
}

Found find_name(const SnapshotData& data, std::span<const std::uint8_t> name, dns::Type type) {
    const dns::LowerCasedName lower_cased(name);
    const Octets lower = lower_cased.wire();
    return find_lower(data, lower, dns::label_count(lower), type, data.names.hash(lower));
}

}  // namespace meridian::zones
