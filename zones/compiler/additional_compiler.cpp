// Finds the additional records of the names that a zone's records point to.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/compiler/additional_compiler.h"

#include <map>
#include <utility>
#include <vector>

#include "meridian/bytes.h"
#include "meridian/dns/image.h"
#include "meridian/dns/rdata.h"
#include "zones/snapshot/lookup.h"

namespace meridian::zones {
namespace {

using dns::Name;
using dns::Type;

bool is_service_binding(Type type) {
    return type == Type::SVCB || type == Type::HTTPS;
}

/// The image of a set that is the same for all clients, or 0.
ImageRef fixed_image(const ZoneDraft& zone, NodeId node, Type type) {
    const SetEntry* entry = zone.view().find_set(zone.node(node), type);
    if (entry == nullptr) { return 0; }
    if (entry->kind == SetKind::Fixed) { return entry->ref; }
    return entry->kind == SetKind::Linked ? zone.linked_sets[entry->ref].image : 0;
}

/// Whether the target of a record is its own owner: "." in ServiceMode (RFC 9460 §2.5.2). Elsewhere
/// "." means that there is no such service (RFC 2782, RFC 7505, RFC 9460 §2.5.1).
bool means_its_owner(Type type, const dns::Rdata& rdata, const Name& target) {
    return target.is_root() && is_service_binding(type) && load_u16(rdata, 0) != 0;
}

}  // namespace

AdditionalCompiler::AdditionalCompiler(ZoneDraft& zone, IsChilds is_childs)
    : zone_(zone), is_childs_(std::move(is_childs)) {}

bool AdditionalCompiler::has_targets(Type type) {
    return type == Type::NS || type == Type::MX || type == Type::SRV || is_service_binding(type);
}

bool AdditionalCompiler::is_name_of(NodeId node, const Name& name) const {
    return zone_.name(node) == name;
}

NodeId AdditionalCompiler::holder(const Name& target) const {
    if (!target.is_at_or_below(zone_.apex) || is_childs_(target)) { return 0; }
    const FoundInZone found = find_name(zone_.view(), target.wire(), Type::A);
    if (found.kind == FoundKind::Node) { return found.node; }
    if (found.kind != FoundKind::Delegated) { return 0; }
    if (is_name_of(found.node, target)) { return found.node; }
    return zone_.links(found.node).wildcard;
}

std::optional<AdditionalSet> AdditionalCompiler::set(const Target& target, NodeId holder,
                                                     Type type) {
    const ImageRef records = fixed_image(zone_, holder, type);
    if (records == 0 || target.pointer.is_somewhere()) {
        return AdditionalSet{records, target.pointer};
    }
    const auto owned = dns::make_owned_image(target.name, zone_.images.view(records));
    if (!owned) { return std::nullopt; }
    return AdditionalSet{zone_.images.add(*owned), {}};
}

void AdditionalCompiler::link(NodeId node, std::size_t set_number, const dns::RecordSet& records) {
    const Type type = records.type;
    const Name owner = zone_.name(node);
    SetEntry& set_entry = zone_.set_of(node, set_number);
    const auto pointers = dns::target_pointers(zone_.images.view(set_entry.ref), type);
    if (pointers.size() != records.records.size()) { return; }  // too large, and reported
    bool has_own = false;
    std::map<Name, dns::NamePointer> targets;
    for (std::size_t i = 0; i < pointers.size(); ++i) {
        const dns::Rdata& rdata = records.records[i];
        const auto target = dns::target_name(type, rdata);
        if (!target) { continue; }
        // A wildcard that points to itself means the asterisk, not the name that is asked for.
        const bool is_named = *target == owner && !owner.is_wildcard();
        const bool is_own = is_named || means_its_owner(type, rdata, *target);
        has_own = has_own || is_own;
        if (!is_own && !target->is_root()) { targets.try_emplace(*target, pointers[i]); }
    }

    std::vector<AdditionalSet> sets;
    const auto add = [&sets](std::optional<AdditionalSet> set) {
        if (set && set->image != 0) { sets.push_back(*set); }
    };
    if (has_own) {
        add(AdditionalSet{fixed_image(zone_, node, Type::A), {}});
        add(AdditionalSet{fixed_image(zone_, node, Type::AAAA), {}});
    }
    const auto own_count = static_cast<std::uint16_t>(sets.size());
    for (const auto& [name, pointer] : targets) {
        const NodeId at = holder(name);
        if (at == 0 || zone_.links(at).cut != 0) { continue; }
        // A wildcard may point to a name that it covers, and that name be the one asked for: what
        // is in the answer is not said again.
        if (at == node && has_own) { continue; }
        const Target target{name, pointer};
        add(set(target, at, Type::A));
        add(set(target, at, Type::AAAA));
        if (is_service_binding(type) && at != node) { add(set(target, at, type)); }
    }
    if (sets.empty()) { return; }

    LinkedSet linked;
    linked.image = set_entry.ref;
    linked.additional_begin = static_cast<std::uint32_t>(zone_.additional.size());
    linked.own_count = own_count;
    linked.additional_count = static_cast<std::uint16_t>(sets.size());
    zone_.additional.insert(zone_.additional.end(), sets.begin(), sets.end());
    set_entry.kind = SetKind::Linked;
    set_entry.ref = static_cast<std::uint32_t>(zone_.linked_sets.size());
    zone_.linked_sets.push_back(linked);
}

}  // namespace meridian::zones
