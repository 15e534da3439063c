// Finds what the zones have for a name: RFC 1034 §4.3.2 over apexes and name tables.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/lookup.h"

#include "meridian/dns/wire/ascii_case.h"
#include "meridian/dns/wire/name_hash.h"

namespace meridian::zones {
namespace {

FoundInZone at_node(const ZoneData& zone, NodeId id, dns::Type type) {
    const std::uint32_t cut = zone.names.links(zone.names.node(id)).cut;
    // DS stands on the parent's side of a cut (RFC 4035 §3.1.4.1).
    const bool is_parent_side = type == dns::Type::DS && zone.cuts[cut].node == id;
    if (cut != 0 && !is_parent_side) { return {FoundKind::Delegated, false, id, cut, id}; }
    return {FoundKind::Node, false, id, 0, id};
}

/// What a name gets that does not exist below this ancestor (RFC 4592 §3.3.1).
FoundInZone below_closest_encloser(const ZoneData& zone, NodeId id) {
    const Node& encloser = zone.names.node(id);
    const NodeLinks& links = zone.names.links(encloser);
    if (links.cut != 0) { return {FoundKind::Delegated, false, id, links.cut, id}; }
    if (encloser.redirects) { return {FoundKind::Redirected, false, id, 0, id}; }
    if (links.wildcard != 0) { return {FoundKind::Node, true, links.wildcard, 0, id}; }
    return {FoundKind::NoSuchName, false, 0, 0, id};
}

/// The zone of the apex that is the end of a name from `begin` on, or null.
const ServedZone* zone_at(const SnapshotData& data, std::span<const std::uint8_t> apex) {
    const std::uint64_t hash = dns::hash_name(apex, data.apexes->seed());
    const std::uint32_t found = data.apexes->tags().find(hash, [&](std::uint32_t number) {
        return number != 0 && same_octets(data.zones[number - 1].data->apex, apex);
    });
    return found == 0 ? nullptr : &data.zones[found - 1];
}

}  // namespace

std::uint64_t likely_apex_hash(const ApexTable& apexes, const LowerName& name) {
    std::size_t begin = 0;
    for (std::size_t left = name.label_count; left > 0 && !apexes.has_label_count(left); --left) {
        begin += std::size_t{1} + name.wire[begin];
    }
    return dns::hash_name(name.wire.subspan(begin), apexes.seed());
}

const ServedZone* find_zone(const SnapshotData& data, const LowerName& name) {
    std::size_t begin = 0;
    for (std::size_t left = name.label_count;; --left) {
        if (data.apexes->has_label_count(left)) {
            const ServedZone* zone = zone_at(data, name.wire.subspan(begin));
            if (zone != nullptr) { return zone; }
        }
        if (left == 0) { return nullptr; }
        begin += std::size_t{1} + name.wire[begin];
    }
}

FoundInZone find_in_zone(const ZoneData& zone, const NameInZone& name, dns::Type type,
                         std::uint64_t hash) {
    if (const NodeId exact = zone.names.find(name.labels, hash); exact != 0) {
        return at_node(zone, exact, type);
    }
    std::size_t begin = 0;
    for (std::size_t left = name.label_count - 1; left > 0; --left) {  // the apex exists
        begin += std::size_t{1} + name.labels[begin];
        if (!zone.has_label_count(left)) { continue; }
        if (const NodeId encloser = zone.names.find(name.labels.subspan(begin)); encloser != 0) {
            return below_closest_encloser(zone, encloser);
        }
    }
    return below_closest_encloser(zone, kApexNode);
}

FoundInZone find_name(const ZoneData& zone, std::span<const std::uint8_t> name, dns::Type type) {
    const dns::LowerCasedName lower(name);
    const NameInZone in_zone = name_in_zone(zone, {lower.wire(), dns::label_count(lower.wire())});
    return find_in_zone(zone, in_zone, type, zone.names.hash(in_zone.labels));
}

Found find_name(const SnapshotData& data, std::span<const std::uint8_t> name, dns::Type type) {
    const dns::LowerCasedName lower_cased(name);
    const LowerName lower{lower_cased.wire(), dns::label_count(lower_cased.wire())};
    const ServedZone* zone = find_zone(data, lower);
    if (zone == nullptr) { return {}; }
    const NameInZone in_zone = name_in_zone(*zone->data, lower);
    return {find_in_zone(*zone->data, in_zone, type, zone->data->names.hash(in_zone.labels)), zone};
}

Found find_delegation_signer(const SnapshotData& data, const ServedZone& zone) {
    const auto apex = zone.data->apex;
    if (zone.data->apex_labels == 0) { return {}; }
    const LowerName above{apex.subspan(std::size_t{1} + apex[0]), zone.data->apex_labels - 1u};
    const ServedZone* parent = find_zone(data, above);
    if (parent == nullptr) { return {}; }
    const Found found{find_name(*parent->data, apex, dns::Type::DS), parent};
    return found.kind == FoundKind::Node ? found : Found{};
}

}  // namespace meridian::zones
