// Applies the rules of the DNS to a zone that was read.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/checks.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "meridian/dns/rdata.h"
#include "meridian/limits.h"
#include "zones/model/messages.h"
#include "zones/model/relative_name.h"
#include "zones/model/text_place.h"

namespace meridian::zones {
namespace {

using dns::Type;

const OwnedSet* set_of(const Owner& owner, Type type) {
    const auto found =
        std::find_if(owner.sets.begin(), owner.sets.end(),
                     [type](const OwnedSet& set) { return set.records.type == type; });
    return found == owner.sets.end() ? nullptr : &*found;
}

bool is_address(Type type) {
    return type == Type::A || type == Type::AAAA;
}

/// What DNSSEC puts beside any records, aliases and delegations included (RFC 4035 §2.5).
bool is_signature(Type type) {
    return type == Type::RRSIG || type == Type::NSEC;
}

class NameChecker {
public:
    NameChecker(const Zone& zone, const OwnerIndex& index, Findings& findings)
        : zone_(zone), index_(index), findings_(findings) {}

    void check() {
        check_nameservers();
        const bool may_hide = hides_names();
        const bool whole = findings_.error_count() == 0;  // else a target may be missing for that
        for (const Owner& owner : zone_.owners) {
            for (const OwnedSet& set : owner.sets) {
                check_set(owner, set);
                if (whole) { check_targets(owner, set); }
            }
            check_alias(owner);
            check_steer(owner);
            check_hints(owner);
            check_wildcard(owner);
            check_delegation(owner);
            if (may_hide) { check_above(owner); }
        }
    }

private:
    void check_nameservers();
    void check_set(const Owner& owner, const OwnedSet& set);
    void check_targets(const Owner& owner, const OwnedSet& set);
    [[nodiscard]] bool answers_for(const dns::Name& name);
    void check_alias(const Owner& owner);
    void check_steer(const Owner& owner);
    void check_hints(const Owner& owner);
    void check_wildcard(const Owner& owner);
    void check_delegation(const Owner& owner);
    void check_above(const Owner& owner);

    [[nodiscard]] std::string key_of(const dns::Name& name) const {
        return key_path("records", relative_text(name, zone_.apex));
    }
    [[nodiscard]] std::string key_of(const Owner& owner, Type type) const {
        std::string text = dns::type_to_text(type);
        for (char& letter : text) {
            if (letter >= 'A' && letter <= 'Z') { letter = static_cast<char>(letter - 'A' + 'a'); }
        }
        return key_path(key_of(owner.name), text);
    }
    /// A record for the operator to write, in the language of the file that `at` is in.
    [[nodiscard]] std::string address_of(const dns::Name& name, TextPosition at) const {
        if (at.file != 0) { return name.to_text() + " A 192.0.2.53"; }
        return key_path("", relative_text(name, zone_.apex)) + ".a = \"192.0.2.53\"";
    }
    [[nodiscard]] const Owner* find(std::span<const std::uint8_t> name) const {
        const auto found = index_.find(zone_.owners, name);
        return found ? &zone_.owners[*found] : nullptr;
    }
    /// Whether any name could hide those below it.
    [[nodiscard]] bool hides_names() const {
        return std::ranges::any_of(zone_.owners, [this](const Owner& owner) {
            return set_of(owner, Type::DNAME) != nullptr ||
                   (set_of(owner, Type::NS) != nullptr && !is_apex(owner));
        });
    }
    [[nodiscard]] bool is_apex(const Owner& owner) const { return owner.name == zone_.apex; }
    [[nodiscard]] bool is_nameserver(const Owner& owner) const {
        return std::find(zone_.nameservers.begin(), zone_.nameservers.end(), owner.name) !=
               zone_.nameservers.end();
    }

    const Zone& zone_;
    const OwnerIndex& index_;
    Findings& findings_;
    std::size_t searches_ = 0;  // through all names
};

void NameChecker::check_nameservers() {
    const TextPosition at = zone_.nameservers_position;
    if (zone_.nameservers.size() == 1) {
        findings_.tell(messages::kSingleNameserver, at, "nameservers");
    }
    for (const dns::Name& name : zone_.nameservers) {
        if (!name.is_at_or_below(zone_.apex)) { continue; }
        const Owner* owner = find(name.wire());
        if (owner != nullptr && set_of(*owner, Type::CNAME) != nullptr) {
            const TextPosition alias = set_of(*owner, Type::CNAME)->position;
            findings_.tell(messages::kNameserverIsAlias, alias, key_of(*owner, Type::CNAME),
                           {address_of(name, alias)});
            continue;
        }
        if (owner != nullptr && owner->steer) { continue; }  // told there
        if (owner == nullptr ||
            (set_of(*owner, Type::A) == nullptr && set_of(*owner, Type::AAAA) == nullptr)) {
            findings_.tell(messages::kNameserverWithoutAddress, at, "nameservers",
                           {quoted(relative_text(name, zone_.apex)), address_of(name, at)});
        }
    }
}

void NameChecker::check_set(const Owner& owner, const OwnedSet& set) {
    const Type type = set.records.type;
    const auto key = [&] { return key_of(owner, type); };
    const std::size_t count = set.records.records.size();
    if (type == Type::SOA) {
        findings_.tell(messages::kSoaInRecords, set.position, key());
    } else if (is_apex(owner) && type == Type::NS) {
        findings_.tell(messages::kNsInRecords, set.position, key());
    } else if (is_apex(owner) && type == Type::DS) {
        findings_.tell(messages::kDsAtApex, set.position, key());
    } else if (type == Type::DS && set_of(owner, Type::NS) == nullptr) {
        findings_.tell(messages::kDsWithoutNs, set.position, key());
    }
    if ((type == Type::CNAME || type == Type::DNAME) && count > 1) {
        findings_.tell(messages::kSeveralAliases, set.position, key(),
                       {dns::type_to_text(type), std::to_string(count)});
    }
    if (count > kMaxRecordsPerSet) {
        findings_.tell(messages::kTooManyRecords, set.position, key(),
                       {std::to_string(count), std::to_string(kMaxRecordsPerSet)});
    }
}

/// Looks where records point to, inside the zone.
void NameChecker::check_targets(const Owner& owner, const OwnedSet& set) {
    const Type type = set.records.type;
    if (type != Type::CNAME && type != Type::MX && type != Type::SRV) { return; }
    for (const dns::Rdata& rdata : set.records.records) {
        const auto target = dns::target_name(type, rdata);
        if (!target || !target->is_at_or_below(zone_.apex)) { continue; }
        const Owner* there = find(target->wire());
        if (type == Type::CNAME) {
            if (there != nullptr || answers_for(*target)) { continue; }
            findings_.tell(messages::kAliasToNothing, set.position, key_of(owner, type),
                           {target->to_text()});
        } else if (there != nullptr && set_of(*there, Type::CNAME) != nullptr) {
            findings_.tell(messages::kTargetIsAlias, set.position, key_of(owner, type),
                           {dns::type_to_text(type), target->to_text()});
        }
    }
}

/// Whether something is said of a name without records: by a delegation, a DNAME or a wildcard
/// above it, or because it stands between others.
bool NameChecker::answers_for(const dns::Name& name) {
    for (dns::Name at = name; at != zone_.apex;) {
        at = at.parent();
        const Owner* above = find(at.wire());
        const bool cut = above != nullptr && !is_apex(*above) && set_of(*above, Type::NS);
        if (cut || (above != nullptr && set_of(*above, Type::DNAME))) { return true; }
        const auto wildcard = at.child("*");
        if (wildcard && find(wildcard->wire()) != nullptr) { return true; }
    }
    // A zone with that many is not searched for each of them.
    if (++searches_ > kMaxDiagnostics) { return true; }
    return std::ranges::any_of(zone_.owners,
                               [&](const Owner& owner) { return owner.name.is_at_or_below(name); });
}

void NameChecker::check_alias(const Owner& owner) {
    const OwnedSet* alias = set_of(owner, Type::CNAME);
    if (alias == nullptr) { return; }
    const std::string key = key_of(owner, Type::CNAME);
    if (is_apex(owner)) { return findings_.tell(messages::kAliasAtApex, alias->position, key); }
    for (const OwnedSet& set : owner.sets) {
        if (set.records.type == Type::CNAME || is_signature(set.records.type)) { continue; }
        findings_.tell(
            messages::kAliasBesideRecords, alias->position, key,
            {dns::type_to_text(set.records.type), place_of(zone_, set.position, alias->position)});
        return;
    }
}

void NameChecker::check_steer(const Owner& owner) {
    if (!owner.steer) { return; }
    const std::string key = key_path(key_of(owner.name), "steer");
    if (is_nameserver(owner)) {
        findings_.tell(messages::kSteeredNameserver, owner.steer_position, key);
    }
    for (const OwnedSet& set : owner.sets) {
        const Type type = set.records.type;
        const bool delegates = type == Type::NS && !is_apex(owner);
        if (!is_address(type) && type != Type::CNAME && !delegates) { continue; }
        const std::string text = dns::type_to_text(type);
        findings_.tell(messages::kSteeredBesideRecords, owner.steer_position, key,
                       {text, text, place_of(zone_, set.position, owner.steer_position)});
    }
}

/// Hints stand for the addresses of the record's target, which is the owner where it is the root
/// (RFC 9460 §2.5.2, §7.3).
void NameChecker::check_hints(const Owner& owner) {
    for (const OwnedSet& set : owner.sets) {
        const Type type = set.records.type;
        if (type != Type::HTTPS && type != Type::SVCB) { continue; }
        for (const dns::Rdata& rdata : set.records.records) {
            if (!dns::has_address_hints(rdata)) { continue; }
            const auto target = dns::target_name(type, rdata);
            if (!target) { continue; }
            const bool own = target->label_count() == 0;
            const Owner* there = own ? &owner : find(target->wire());
            if (there == nullptr || !there->steer) { continue; }
            findings_.tell(messages::kFixedHints, set.position, key_of(owner, type),
                           {quoted(relative_text(there->name, zone_.apex))});
        }
    }
}

void NameChecker::check_wildcard(const Owner& owner) {
    if (std::ranges::find(owner.name.wire(), '*') == owner.name.wire().end()) { return; }
    const std::string text = relative_text(owner.name, zone_.apex);
    const std::size_t star = text.rfind('*');
    if (star == std::string::npos) { return; }
    if (!owner.name.is_wildcard() || star > 0) {
        findings_.tell(messages::kAsteriskWithin, owner.position, key_of(owner.name));
    }
    for (const Type type : {Type::NS, Type::DNAME}) {
        const OwnedSet* set = owner.name.is_wildcard() ? set_of(owner, type) : nullptr;
        if (set == nullptr) { continue; }
        findings_.tell(messages::kRedirectingWildcard, set->position, key_of(owner, type),
                       {dns::type_to_text(type)});
    }
}

/// Looks at a name that is the top of somebody else's zone.
void NameChecker::check_delegation(const Owner& owner) {
    const OwnedSet* delegation = set_of(owner, Type::NS);
    if (delegation == nullptr || is_apex(owner)) { return; }
    for (const OwnedSet& set : owner.sets) {
        const Type type = set.records.type;
        if (type == Type::DNAME) {
            findings_.tell(messages::kDnameBesideNs, set.position, key_of(owner, type));
        } else if (type != Type::NS && type != Type::DS && !is_address(type) &&
                   type != Type::CNAME && !is_signature(type)) {
            findings_.tell(messages::kDataAtDelegation, set.position, key_of(owner, type),
                           {place_of(zone_, delegation->position, set.position)});
        }
    }
    for (const dns::Rdata& rdata : delegation->records.records) {
        const auto target = dns::target_name(Type::NS, rdata);
        if (!target || !target->is_at_or_below(owner.name)) { continue; }
        const Owner* glue = find(target->wire());
        if (glue != nullptr && (set_of(*glue, Type::A) || set_of(*glue, Type::AAAA))) { continue; }
        findings_.tell(messages::kMissingGlue, delegation->position, key_of(owner, Type::NS),
                       {target->to_text(), address_of(*target, delegation->position)});
    }
}

/// Looks for a delegation or a DNAME above, which hides this name.
void NameChecker::check_above(const Owner& owner) {
    std::span<const std::uint8_t> name = owner.name.wire();
    while (name.size() > zone_.apex.octets()) {
        name = name.subspan(1U + name[0]);
        const Owner* above = find(name);
        if (above == nullptr) { continue; }
        if (const OwnedSet* redirection = set_of(*above, Type::DNAME)) {
            findings_.tell(messages::kBelowDname, owner.position, key_of(owner.name),
                           {quoted(relative_text(above->name, zone_.apex)),
                            place_of(zone_, redirection->position, owner.position)});
            return;
        }
        const OwnedSet* delegation = is_apex(*above) ? nullptr : set_of(*above, Type::NS);
        if (delegation == nullptr) { continue; }
        const bool glue = std::all_of(owner.sets.begin(), owner.sets.end(),
                                      [](const OwnedSet& s) { return is_address(s.records.type); });
        if (glue && !owner.steer) { continue; }
        findings_.tell(messages::kBelowDelegation, owner.position, key_of(owner.name),
                       {quoted(relative_text(above->name, zone_.apex)),
                        place_of(zone_, delegation->position, owner.position)});
        return;
    }
}

std::string names_of(const Zone& zone, const std::vector<std::size_t>& regions) {
    std::vector<std::string_view> names;
    for (const std::size_t region : regions) {
        names.push_back(zone.regions[region].name);
    }
    return quoted_list(names);
}

void check_families(const Zone& zone, const Policy& policy, const std::string& key,
                    Findings& findings) {
    for (const bool v4 : {true, false}) {
        std::vector<std::size_t> without;
        for (const std::size_t index : policy.regions) {
            const bool has = std::ranges::any_of(
                zone.regions[index].addresses,
                [v4](const IpAddress& address) { return address.is_v4() == v4; });
            if (!has) { without.push_back(index); }
        }
        if (without.empty() || without.size() == policy.regions.size()) { continue; }
        findings.tell(messages::kRegionsWithoutFamily, policy.position, key,
                      {v4 ? "IPv4" : "IPv6", names_of(zone, without), key});
    }
}

}  // namespace

void check_names(const Zone& zone, const OwnerIndex& index, Findings& findings) {
    NameChecker(zone, index, findings).check();
}

void check_policies(const Zone& zone, Findings& findings) {
    for (const Policy& policy : zone.policies) {
        const std::string key = key_path("policies", policy.name);
        if (policy.regions.empty()) {
            findings.tell(messages::kNoRegions, policy.position, key);
        } else if (policy.missing_family == MissingFamily::Unset) {
            check_families(zone, policy, key, findings);
        }
    }
}

void check_steered_ttl(std::uint32_t seconds, TextPosition at, const std::string& key,
                       Findings& findings) {
    if (seconds < kShortSteeredTtlSeconds) {
        findings.tell(messages::kSteeredTtlShort, at, key, {std::to_string(seconds)});
    } else if (seconds > kLongSteeredTtlSeconds) {
        findings.tell(messages::kSteeredTtlLong, at, key, {std::to_string(seconds)});
    }
}

}  // namespace meridian::zones
