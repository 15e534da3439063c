// Finds what a zone says beside an answer of the names that its records point to.
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

/// The image of a set that is the same for everybody, or 0.
ImageRef fixed_image(const SnapshotData& data, const Node& node, Type type) {
    const SetEntry* entry = data.find_set(node, type);
    if (entry == nullptr) { return 0; }
    if (entry->kind == SetKind::Fixed) { return entry->ref; }
    return entry->kind == SetKind::Linked ? data.linked_sets[entry->ref].image : 0;
}

/// Whether a record means its own owner: "." in ServiceMode (RFC 9460 §2.5.2). Elsewhere it says
/// that there is no such service (RFC 2782, RFC 7505, RFC 9460 §2.5.1).
bool means_its_owner(Type type, const dns::Rdata& rdata, const Name& target) {
    return target.is_root() && is_service_binding(type) && load_u16(rdata, 0) != 0;
}

}  // namespace

AdditionalCompiler::AdditionalCompiler(SnapshotData& data, const Name& apex, IsChilds is_childs)
    : data_(data), apex_(apex), is_childs_(std::move(is_childs)) {}

bool AdditionalCompiler::has_targets(Type type) {
    return type == Type::NS || type == Type::MX || type == Type::SRV || is_service_binding(type);
}

bool AdditionalCompiler::is_name_of(NodeId node, const Name& name) const {
    return dns::same_name(data_.names.name(data_.names.node(node)), name.wire());
}

NodeId AdditionalCompiler::holder(const Name& target) const {
    if (!target.is_at_or_below(apex_) || is_childs_(target)) { return 0; }
    const Found found = find_name(data_, target.wire(), Type::A);
    if (found.kind == FoundKind::Node) { return found.node; }
    if (found.kind != FoundKind::Delegated) { return 0; }
    if (is_name_of(found.node, target)) { return found.node; }
    return data_.names.links(data_.names.node(found.node)).wildcard;
}

std::optional<AdditionalSet> AdditionalCompiler::set(const Target& target, NodeId holder,
                                                     Type type) {
    const ImageRef records = fixed_image(data_, data_.names.node(holder), type);
    if (records == 0 || target.place.is_somewhere()) {
        return AdditionalSet{records, target.place};
    }
    const auto owned = dns::make_owned_image(target.name, data_.images.view(records));
    if (!owned) { return std::nullopt; }
    return AdditionalSet{data_.images.add(*owned), {}};
}

void AdditionalCompiler::link(NodeId node, std::size_t set_number, const dns::RecordSet& records) {
    const Type type = records.type;
    const Name owner = Name::from_wire(data_.names.name(data_.names.node(node))).value();
    SetEntry& set_entry = data_.set_of(node, set_number);
    const auto places = dns::target_places(data_.images.view(set_entry.ref), type);
    if (places.size() != records.records.size()) { return; }  // too large, and complained of
    bool has_own = false;
    std::map<Name, dns::NamePlace> targets;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const dns::Rdata& rdata = records.records[i];
        const auto target = dns::target_name(type, rdata);
        if (!target) { continue; }
        // A wildcard that points to itself means the asterisk, not the name that is asked for.
        const bool is_named = *target == owner && !owner.is_wildcard();
        const bool is_own = is_named || means_its_owner(type, rdata, *target);
        has_own = has_own || is_own;
        if (!is_own && !target->is_root()) { targets.try_emplace(*target, places[i]); }
    }

    std::vector<AdditionalSet> sets;
    const auto add = [&sets](std::optional<AdditionalSet> set) {
        if (set && set->image != 0) { sets.push_back(*set); }
    };
    if (has_own) {
        add(AdditionalSet{fixed_image(data_, data_.names.node(node), Type::A), {}});
        add(AdditionalSet{fixed_image(data_, data_.names.node(node), Type::AAAA), {}});
    }
    const auto own_count = static_cast<std::uint16_t>(sets.size());
    for (const auto& [name, place] : targets) {
        const NodeId at = holder(name);
        if (at == 0 || data_.names.links(data_.names.node(at)).cut != 0) { continue; }
        // A wildcard may point to a name that it covers, and that name be the one asked for: what
        // is in the answer is not said again.
        if (at == node && has_own) { continue; }
        const Target target{name, place};
        add(set(target, at, Type::A));
        add(set(target, at, Type::AAAA));
        if (is_service_binding(type) && at != node) { add(set(target, at, type)); }
    }
    if (sets.empty()) { return; }

    LinkedSet linked;
    linked.image = set_entry.ref;
    linked.additional_begin = static_cast<std::uint32_t>(data_.additional.size());
    linked.own_count = own_count;
    linked.additional_count = static_cast<std::uint16_t>(sets.size());
    data_.additional.insert(data_.additional.end(), sets.begin(), sets.end());
    set_entry.kind = SetKind::Linked;
    set_entry.ref = static_cast<std::uint32_t>(data_.linked_sets.size());
    data_.linked_sets.push_back(linked);
}

}  // namespace meridian::zones
