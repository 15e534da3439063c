// Answers from zone models by the letter of RFC 1034 §4.3.2, slowly: the twin of the name table.
//
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/naive_lookup.h"

#include <algorithm>
#include <set>

#include "meridian/dns/rdata.h"

namespace meridian::test {
namespace {

using dns::Name;
using dns::Type;

const zones::Zone* zone_of(std::span<const ModelZone> zones, const Name& name) {
    const zones::Zone* best = nullptr;
    for (const ModelZone& model : zones) {
        const zones::Zone& zone = model.zone();
        if (!name.is_at_or_below(zone.apex)) { continue; }
        if (best == nullptr || zone.apex.octets() > best->apex.octets()) { best = &zone; }
    }
    return best;
}

/// One zone among all of them: names at or below another zone's apex are not its own.
class NaiveZone {
public:
    NaiveZone(std::span<const ModelZone> zones, const zones::Zone& zone)
        : zones_(zones), zone_(zone) {}

    [[nodiscard]] const zones::Owner* find(const Name& name) const {
        for (const zones::Owner& owner : zone_.owners) {
            if (owner.name == name && zone_of(zones_, name) == &zone_) { return &owner; }
        }
        return nullptr;
    }

    /// RFC 4592 §2.2.2: a name exists when records stand at it or below it, another zone's too.
    [[nodiscard]] bool exists(const Name& name) const {
        if (name == zone_.apex) { return true; }
        const bool has_owner =
            std::any_of(zone_.owners.begin(), zone_.owners.end(), [&](const zones::Owner& owner) {
                return owner.name.is_at_or_below(name) && zone_of(zones_, owner.name) == &zone_;
            });
        return has_owner || std::any_of(zones_.begin(), zones_.end(), [&](const ModelZone& other) {
                   return other.zone().apex.is_at_or_below(name);
               });
    }

    /// The delegation nearest to the apex at or above `name`.
    [[nodiscard]] const zones::Owner* cut_above(const Name& name) const {
        const zones::Owner* cut = nullptr;
        for (Name at = name; at != zone_.apex; at = at.parent()) {
            const zones::Owner* owner = find(at);
            if (owner != nullptr && set_of(*owner, Type::NS) != nullptr) { cut = owner; }
        }
        return cut;
    }

    /// The wildcard that covers a name that does not exist, if there is one (RFC 4592 §3.3.1).
    [[nodiscard]] bool wildcard_for(Name name, Name& wildcard) const {
        while (!exists(name)) {
            name = name.parent();
        }
        wildcard = name.child("*").value();
        return exists(wildcard);
    }

    /// The owner whose records answer for a name, owners below a delegation included.
    [[nodiscard]] const zones::Owner* holder_of(const Name& name) const {
        if (zone_of(zones_, name) != &zone_) { return nullptr; }
        Name node = name;
        if (!exists(name) && !wildcard_for(name, node)) { return nullptr; }
        return find(node);
    }

    [[nodiscard]] static const dns::RecordSet* set_of(const zones::Owner& owner, Type type) {
        for (const zones::OwnedSet& set : owner.sets) {
            if (set.records.type == type) { return &set.records; }
        }
        return nullptr;
    }

private:
    std::span<const ModelZone> zones_;
    const zones::Zone& zone_;
};

std::string record_text(const Name& owner, Type type, const dns::Rdata& rdata) {
    return owner.to_text() + " " + dns::type_to_text(type) + " " +
           (type == Type::DS ? "" : dns::rdata_to_text(type, rdata));
}

void add_set(std::vector<std::string>& section, const Name& owner, const dns::RecordSet& set) {
    for (const dns::Rdata& rdata : set.records) {
        section.push_back(record_text(owner, set.type, rdata));
    }
}

void add_addresses(NaiveAnswer& result, const NaiveZone& zone, const Name& target) {
    const zones::Owner* holder = zone.holder_of(target);
    const auto* addresses = holder == nullptr ? nullptr : NaiveZone::set_of(*holder, Type::A);
    if (addresses != nullptr) { add_set(result.additional, target, *addresses); }
}

void refer(NaiveAnswer& result, const NaiveZone& zone, const zones::Owner& cut) {
    const dns::RecordSet& nameservers = *NaiveZone::set_of(cut, Type::NS);
    add_set(result.authority, cut.name, nameservers);
    for (const dns::Rdata& rdata : nameservers.records) {
        add_addresses(result, zone, dns::target_name(Type::NS, rdata).value());
    }
}

/// The zone that delegates to the one of this apex, unless it is served elsewhere.
const zones::Zone* parent_of(std::span<const ModelZone> zones, const Name& apex) {
    const zones::Zone* parent = apex.is_root() ? nullptr : zone_of(zones, apex.parent());
    const bool is_here =
        parent != nullptr && NaiveZone(zones, *parent).cut_above(apex.parent()) == nullptr;
    return is_here ? parent : nullptr;
}

/// The parent's answer for its child's DS (RFC 4035 §3.1.4.1).
void report_delegation(NaiveAnswer& result, const zones::Zone& parent, const Name& apex) {
    result.authority = {parent.apex.to_text() + " SOA"};
    for (const zones::Owner& owner : parent.owners) {
        const auto* set = owner.name == apex ? NaiveZone::set_of(owner, Type::DS) : nullptr;
        if (set == nullptr) { continue; }
        add_set(result.answer, apex, *set);
        result.authority.clear();
    }
}

void report_nameservers(NaiveAnswer& result, const NaiveZone& zone, const zones::Zone& model) {
    for (const Name& nameserver : model.nameservers) {
        result.answer.push_back(model.apex.to_text() + " NS " + nameserver.to_text());
        const bool is_inside = nameserver.is_at_or_below(model.apex);
        if (is_inside && zone.cut_above(nameserver) == nullptr) {
            add_addresses(result, zone, nameserver);
        }
    }
}

bool is_steered(const zones::Owner* owner, Type type) {
    return owner != nullptr && owner->steer && type == Type::A;
}

}  // namespace

NaiveAnswer naive_answer(std::span<const ModelZone> zones, const Name& name, Type type) {
    NaiveAnswer result;
    result.head = "REFUSED";
    if (zone_of(zones, name) == nullptr) { return result; }
    std::set<Name> passed;
    for (Name owner = name;;) {
        result.head = "NOERROR aa";
        const zones::Zone* model = zone_of(zones, owner);
        if (model == nullptr) { return result; }
        const NaiveZone zone(zones, *model);
        const std::string soa = model->apex.to_text() + " SOA";
        const zones::Owner* cut = zone.cut_above(owner);
        if (cut != nullptr && !(type == Type::DS && cut->name == owner)) {
            if (passed.empty()) { result.head = "NOERROR"; }
            refer(result, zone, *cut);
            return result;
        }
        const auto* parent =
            type == Type::DS && owner == model->apex ? parent_of(zones, owner) : nullptr;
        if (parent != nullptr) {
            report_delegation(result, *parent, owner);
            return result;
        }
        Name node = owner;
        if (!zone.exists(owner) && !zone.wildcard_for(owner, node)) {
            result.head = "NXDOMAIN aa";
            result.authority = {soa};
            return result;
        }
        if (owner == model->apex && type == Type::NS) {
            report_nameservers(result, zone, *model);
            return result;
        }
        const zones::Owner* found = zone.find(node);
        if (is_steered(found, type)) {
            if (passed.empty()) { result.answer.push_back(owner.to_text() + " steered"); }
            return result;
        }
        const auto* set = found == nullptr ? nullptr : NaiveZone::set_of(*found, type);
        if (set != nullptr) {
            add_set(result.answer, owner, *set);
            return result;
        }
        const auto* alias = found == nullptr ? nullptr : NaiveZone::set_of(*found, Type::CNAME);
        if (alias == nullptr) {
            result.authority = {soa};
            return result;
        }
        if (!passed.insert(owner).second) { return result; }  // a loop
        add_set(result.answer, owner, *alias);
        owner = dns::target_name(Type::CNAME, alias->records.at(0)).value();
    }
}

}  // namespace meridian::test
