// Finds what the zones have for a name: RFC 1034 §4.3.2 over the name table.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/lookup.h"

#include <array>
#include <span>

#include "meridian/dns/ascii_case.h"
#include "meridian/limits.h"

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
    if (encloser.redirects) { return {FoundKind::Redirected, encloser.zone, id, 0}; }
    if (encloser.wildcard != 0) { return {FoundKind::Node, encloser.zone, encloser.wildcard, 0}; }
    return {FoundKind::NoSuchName, encloser.zone, 0, 0};
}

using Octets = std::span<const std::uint8_t>;

/// Expects lower case; `label_starts` says where in `name` each label begins, the root's not.
Found find_labelled(const SnapshotData& data, Octets name, Octets label_starts, dns::Type type,
                    std::uint64_t hash) {
    if (const NodeId exact = data.names.find(name, hash); exact != 0) {
        return at_node(data, exact, type);
    }
    const std::size_t label_count = label_starts.size();
    for (std::size_t cut_labels = 1; cut_labels <= label_count; ++cut_labels) {
        const std::size_t labels_left = label_count - cut_labels;
        if (!data.label_counts[labels_left]) { continue; }
        const std::size_t start = labels_left == 0 ? name.size() - 1 : label_starts[cut_labels];
        if (const NodeId encloser = data.names.find(name.subspan(start)); encloser != 0) {
            return below_closest_encloser(data, encloser);
        }
    }
    return {};
}

}  // namespace

Found find_name(const SnapshotData& data, const dns::Query& query, std::uint64_t hash) {
    const Octets label_starts(query.label_starts.data(), query.label_count);
    return find_labelled(data, query.name_wire(), label_starts, query.type, hash);
}

Found find_name(const SnapshotData& data, std::span<const std::uint8_t> name, dns::Type type) {
    const dns::LowerCasedName lower_cased(name);
    const Octets lower = lower_cased.wire();
    std::array<std::uint8_t, kMaxNameLabels> label_starts;
    std::size_t label_count = 0;
    for (std::size_t at = 0; lower[at] != 0; at += std::size_t{1} + lower[at]) {
        label_starts[label_count++] = static_cast<std::uint8_t>(at);
    }
    return find_labelled(data, lower, {label_starts.data(), label_count}, type,
                         data.names.hash(lower));
}

}  // namespace meridian::zones
