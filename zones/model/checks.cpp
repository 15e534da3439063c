// Applies the rules of the DNS to a zone that was read.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/checks.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/dns/rdata.h"
#include "meridian/limits.h"
#include "zones/model/auto_hints.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/name_finder.h"
#include "zones/model/service_checks.h"
#include "zones/model/service_families.h"
#include "zones/model/target_checks.h"
#include "zones/model/text_checks.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {
namespace {

using dns::Type;

bool is_address(Type type) {
    return type == Type::A || type == Type::AAAA;
}

/// Whether DNSSEC puts the type beside any records, aliases and delegations too (RFC 4035 §2.5).
bool is_signature(Type type) {
    return type == Type::RRSIG || type == Type::NSEC;
}

class NameChecker {
public:
    NameChecker(const Zone& zone, const OwnerIndex& index, const WrittenPositions& positions,
                NameFinder& finder, Findings& findings)
        : zone_(zone), index_(index), positions_(positions), finder_(finder), findings_(findings) {}

    void check() {
        const bool may_hide = hides_names();
        for (const Owner& owner : zone_.owners) {
            for (const OwnedSet& set : owner.sets) {
                check_set(owner, set);
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
    void check_set(const Owner& owner, const OwnedSet& set);
    void check_alias(const Owner& owner);
    void check_steer(const Owner& owner);
    void check_steered_alias(const Owner& owner, const std::string& key);
    void check_steered_target(const Owner& owner, const dns::Name& target, std::string_view where,
                              std::string_view of, const std::string& key);
    [[nodiscard]] bool leads_back(const dns::Name& target, const Owner& owner) const;
    void check_hints(const Owner& owner);
    struct Place {
        TextPosition position;
        std::string key;
    };
    void check_auto_hints(const Owner& owner, const dns::Rdata& rdata, const Place& at);
    void check_wildcard(const Owner& owner);
    void check_delegation(const Owner& owner);
    void check_above(const Owner& owner);

    [[nodiscard]] const Owner* find(std::span<const std::uint8_t> name) const {
        const auto found = index_.find(zone_.owners, name);
        return found ? &zone_.owners[*found] : nullptr;
    }
    /// Whether any name has records that hide the names below it.
    [[nodiscard]] bool hides_names() const {
        return std::ranges::any_of(zone_.owners, [this](const Owner& owner) {
            return find_set(owner, Type::DNAME) != nullptr ||
                   (find_set(owner, Type::NS) != nullptr && !is_apex(owner));
        });
    }
    [[nodiscard]] bool is_apex(const Owner& owner) const { return owner.name == zone_.apex; }
    [[nodiscard]] bool is_nameserver(const Owner& owner) const {
        return std::find(zone_.nameservers.begin(), zone_.nameservers.end(), owner.name) !=
               zone_.nameservers.end();
    }

    const Zone& zone_;
    const OwnerIndex& index_;
    const WrittenPositions& positions_;
    NameFinder& finder_;
    Findings& findings_;
};

void NameChecker::check_set(const Owner& owner, const OwnedSet& set) {
    const Type type = set.records.type;
    const auto key = [&] { return key_of(zone_, owner.name, type); };
    const std::size_t count = set.records.records.size();
    if (type == Type::SOA) {
        findings_.report(diagnostics::kSoaInRecords, set.position, key());
    } else if (is_apex(owner) && type == Type::NS) {
        findings_.report(diagnostics::kNsInRecords, set.position, key());
    } else if (is_apex(owner) && type == Type::DS) {
        findings_.report(diagnostics::kDsAtApex, set.position, key());
    } else if (type == Type::DS && find_set(owner, Type::NS) == nullptr) {
        findings_.report(diagnostics::kDsWithoutNs, set.position, key());
    }
    if ((type == Type::CNAME || type == Type::DNAME) && count > 1) {
        findings_.report(diagnostics::kSeveralAliases, set.position, key(),
                         {dns::type_to_text(type), std::to_string(count)});
    }
    if (type == Type::TXT && count > 1) { check_texts(zone_, owner, set, positions_, findings_); }
    if (count > kMaxRecordsPerSet) {
        findings_.report(diagnostics::kTooManyRecords, set.position, key(),
                         {std::to_string(count), std::to_string(kMaxRecordsPerSet)});
    }
}

void NameChecker::check_alias(const Owner& owner) {
    const OwnedSet* alias = find_set(owner, Type::CNAME);
    if (alias == nullptr) { return; }
    const std::string key = key_of(zone_, owner.name, Type::CNAME);
    if (is_apex(owner)) {
        return findings_.report(diagnostics::kAliasAtApex, alias->position, key);
    }
    for (const OwnedSet& set : owner.sets) {
        if (set.records.type == Type::CNAME || is_signature(set.records.type)) { continue; }
        findings_.report(
            diagnostics::kAliasBesideRecords, alias->position, key,
            {dns::type_to_text(set.records.type), line_of(zone_, set.position, alias->position)});
        return;
    }
}

void NameChecker::check_steer(const Owner& owner) {
    if (!owner.steer) { return; }
    const std::string key = key_path(key_of(zone_, owner.name), "steer");
    if (is_nameserver(owner)) {
        findings_.report(diagnostics::kSteeredNameserver, owner.steer_position, key);
    }
    const Service& service = zone_.services[*owner.steer];
    if (service.is_probed_only) {
        return findings_.report(diagnostics::kSteeredToProbes, owner.steer_position, key,
                                {quoted(service.name)});
    }
    if (!service.cnames.empty()) { return check_steered_alias(owner, key); }
    for (const OwnedSet& set : owner.sets) {
        const Type type = set.records.type;
        const bool delegates = type == Type::NS && !is_apex(owner);
        if (!is_address(type) && type != Type::CNAME && !delegates) { continue; }
        const std::string text = dns::type_to_text(type);
        findings_.report(diagnostics::kSteeredBesideRecords, owner.steer_position, key,
                         {text, text, line_of(zone_, set.position, owner.steer_position)});
    }
}

/// A name that leads elsewhere, by region.
void NameChecker::check_steered_alias(const Owner& owner, const std::string& key) {
    if (is_apex(owner)) {
        return findings_.report(diagnostics::kSteeredAliasAtApex, owner.steer_position, key);
    }
    for (const OwnedSet& set : owner.sets) {
        if (is_signature(set.records.type)) { continue; }
        return findings_.report(diagnostics::kAliasBesideRecords, owner.steer_position, key,
                                {dns::type_to_text(set.records.type),
                                 line_of(zone_, set.position, owner.steer_position)});
    }
    const Service& service = zone_.services[*owner.steer];
    for (std::size_t region = 0; region < service.cnames.size(); ++region) {
        if (!service.cnames[region]) { continue; }
        check_steered_target(owner, *service.cnames[region],
                             "in region " + quoted(zone_.regions[region].name), "cname", key);
    }
    if (!service.last_resort_cname) { return; }
    check_steered_target(owner, *service.last_resort_cname, "as its last resort", "last_resort",
                         key);
}

/// Whether aliases of the zone lead from the target to the owner, or it is the owner itself.
bool NameChecker::leads_back(const dns::Name& target, const Owner& owner) const {
    std::optional<dns::Name> next = target;
    for (std::size_t hops = 0; next && hops <= kMaxCnameHops; ++hops) {
        if (*next == owner.name) { return true; }
        const Owner* there = find(next->wire());
        const OwnedSet* alias = there == nullptr ? nullptr : find_set(*there, Type::CNAME);
        if (alias == nullptr || alias->records.records.empty()) { return false; }
        next = dns::target_name(Type::CNAME, alias->records.records.front());
    }
    return false;
}

/// `where` says when the service leads there, `of` is the key that says so.
void NameChecker::check_steered_target(const Owner& owner, const dns::Name& target,
                                       std::string_view where, std::string_view of,
                                       const std::string& key) {
    if (leads_back(target, owner)) {
        const std::string& service = zone_.services[*owner.steer].name;
        return findings_.report(diagnostics::kSteeredAliasToItself, owner.steer_position, key,
                                {where, key_path(key_path("services", service), of)});
    }
    if (finder_.find(target).standing != Standing::Missing) { return; }
    findings_.report(diagnostics::kSteeredAliasToNothing, owner.steer_position, key,
                     {where, target.to_text()});
}

/// Hints stand for the addresses of the record's target, which is the owner where it is the root
/// (RFC 9460 §2.5.2, §7.3).
void NameChecker::check_hints(const Owner& owner) {
    for (const OwnedSet& set : owner.sets) {
        const Type type = set.records.type;
        if (type != Type::HTTPS && type != Type::SVCB) { continue; }
        for (std::size_t i = 0; i < set.records.records.size(); ++i) {
            const dns::Rdata& rdata = set.records.records[i];
            if (auto_hints_of(rdata).any()) {
                check_auto_hints(owner, rdata,
                                 {positions_.of(set, i), key_of(zone_, owner.name, type)});
                continue;
            }
            if (!dns::has_address_hints(rdata)) { continue; }
            const auto target = dns::target_name(type, rdata);
            if (!target) { continue; }
            const bool own = target->label_count() == 0;
            const Owner* there = own ? &owner : find(target->wire());
            if (there == nullptr || !there->steer) { continue; }
            findings_.report(diagnostics::kFixedHints, positions_.of(set, i),
                             key_of(zone_, owner.name, type),
                             {quoted(relative_text(there->name, zone_.apex))});
        }
    }
}

/// They stand for the addresses of the very name that is asked for.
void NameChecker::check_auto_hints(const Owner& owner, const dns::Rdata& rdata, const Place& at) {
    const auto target = dns::target_name(Type::HTTPS, rdata);
    const bool is_own = target && target->is_root() && (rdata[0] != 0 || rdata[1] != 0);
    if (!owner.steer) {
        return findings_.report(diagnostics::kAutoHintsUnsteered, at.position, at.key);
    }
    if (!is_own) { return findings_.report(diagnostics::kAutoHintsOfOther, at.position, at.key); }
    const Service& service = zone_.services[*owner.steer];
    const AutoHints hints = auto_hints_of(rdata);
    for (const Family family : {Family::V4, Family::V6}) {
        const bool is_asked = family == Family::V4 ? hints.has_v4 : hints.has_v6;
        if (!is_asked || service_has_family(zone_, service, family)) { continue; }
        findings_.report(diagnostics::kAutoHintsOfNoFamily, at.position, at.key,
                         {family == Family::V4 ? "ipv4hint" : "ipv6hint", family_name(family)});
    }
}

void NameChecker::check_wildcard(const Owner& owner) {
    if (std::ranges::find(owner.name.wire(), '*') == owner.name.wire().end()) { return; }
    const std::string text = relative_text(owner.name, zone_.apex);
    const std::size_t star = text.rfind('*');
    if (star == std::string::npos) { return; }
    if (!owner.name.is_wildcard() || star > 0) {
        findings_.report(diagnostics::kAsteriskWithin, owner.position, key_of(zone_, owner.name));
    }
    for (const Type type : {Type::NS, Type::DNAME}) {
        const OwnedSet* set = owner.name.is_wildcard() ? find_set(owner, type) : nullptr;
        if (set == nullptr) { continue; }
        findings_.report(diagnostics::kRedirectingWildcard, set->position,
                         key_of(zone_, owner.name, type), {dns::type_to_text(type)});
    }
}

/// Checks a name that is delegated to other nameservers.
void NameChecker::check_delegation(const Owner& owner) {
    const OwnedSet* delegation = find_set(owner, Type::NS);
    if (delegation == nullptr || is_apex(owner)) { return; }
    for (const OwnedSet& set : owner.sets) {
        const Type type = set.records.type;
        if (type == Type::DNAME) {
            findings_.report(diagnostics::kDnameBesideNs, set.position,
                             key_of(zone_, owner.name, type));
        } else if (type != Type::NS && type != Type::DS && !is_address(type) &&
                   type != Type::CNAME && !is_signature(type)) {
            findings_.report(diagnostics::kDataAtDelegation, set.position,
                             key_of(zone_, owner.name, type),
                             {line_of(zone_, delegation->position, set.position)});
        }
    }
}

/// Reports a delegation or a DNAME above the name, which hides it.
void NameChecker::check_above(const Owner& owner) {
    std::span<const std::uint8_t> name = owner.name.wire();
    while (name.size() > zone_.apex.octets()) {
        name = name.subspan(1U + name[0]);
        const Owner* above = find(name);
        if (above == nullptr) { continue; }
        if (const OwnedSet* redirection = find_set(*above, Type::DNAME)) {
            const auto target =
                redirection->records.records.empty()
                    ? std::nullopt
                    : dns::target_name(Type::DNAME, redirection->records.records.front());
            findings_.report(diagnostics::kBelowDname, owner.position, key_of(zone_, owner.name),
                             {quoted(relative_text(above->name, zone_.apex)),
                              line_of(zone_, redirection->position, owner.position),
                              target ? target->to_text() : "its target"});
            return;
        }
        const OwnedSet* delegation = is_apex(*above) ? nullptr : find_set(*above, Type::NS);
        if (delegation == nullptr) { continue; }
        const bool glue = std::all_of(owner.sets.begin(), owner.sets.end(),
                                      [](const OwnedSet& s) { return is_address(s.records.type); });
        if (glue && !owner.steer) { continue; }
        findings_.report(diagnostics::kBelowDelegation, owner.position, key_of(zone_, owner.name),
                         {quoted(relative_text(above->name, zone_.apex)),
                          line_of(zone_, delegation->position, owner.position)});
        return;
    }
}

/// Whether names are steered to the regions' own addresses by the policy, or may be: nothing else
/// uses it.
bool hands_out_regions(const Zone& zone, std::size_t policy) {
    const auto uses = [&](const Service& service) { return service.policy == policy; };
    const auto hands_them_out = [&](const Service& service) {
        return uses(service) && has_regions_own(service);
    };
    return std::ranges::any_of(zone.services, hands_them_out) ||
           std::ranges::none_of(zone.services, uses);
}

/// Where the policy is reported: one that is not written where its regions are asked for first.
TextPosition position_of(const Zone& zone, std::size_t policy) {
    if (zone.policies[policy].is_written) { return zone.policies[policy].position; }
    for (const Service& service : zone.services) {
        const bool is_user = service.policy == policy && has_regions_own(service);
        if (is_user) { return service.position; }
    }
    return zone.policies[policy].position;
}

std::string names_of(const Zone& zone, const std::vector<std::size_t>& regions) {
    std::vector<std::string_view> names;
    for (const std::size_t region : regions) {
        names.push_back(zone.regions[region].name);
    }
    return quoted_list(names);
}

/// Reports at `at` that regions of the service lack a family which others have.
void check_families(const Zone& zone, const Service& service, TextPosition at,
                    const std::string& key, Findings& findings) {
    const Policy& policy = zone.policies[service.policy];
    for (const Family family : {Family::V4, Family::V6}) {
        std::vector<std::size_t> without;
        bool some_have = false;
        for (const std::size_t index : policy.regions) {
            const std::vector<IpAddress>& addresses = addresses_of(zone, service, index);
            if (addresses.empty()) { continue; }  // no part of the service
            const bool has =
                std::ranges::find(addresses, family, &IpAddress::family) != addresses.end();
            some_have |= has;
            if (!has) { without.push_back(index); }
        }
        if (without.empty() || !some_have) { continue; }
        findings.report(diagnostics::kRegionsWithoutFamily, at, key,
                        {std::string(family_name(family)), names_of(zone, without),
                         key_path("policies", policy.name)});
    }
}

}  // namespace

void check_names(const Zone& zone, const OwnerIndex& index, const WrittenPositions& positions,
                 Findings& findings) {
    NameFinder finder(zone, index);
    check_nameservers(zone, positions, finder, findings);
    const bool is_whole =
        findings.error_count() == 0;  // else targets may be missing because of an error
    NameChecker(zone, index, positions, finder, findings).check();
    if (is_whole) { check_targets(zone, positions, finder, findings); }
}

void check_policies(const Zone& zone, Findings& findings) {
    for (std::size_t i = 0; i < zone.policies.size(); ++i) {
        const Policy& policy = zone.policies[i];
        const std::string key = key_path("policies", policy.name);
        if (policy.regions.empty()) {
            findings.report(diagnostics::kNoRegions, policy.position, key);
        } else if (policy.missing_family == MissingFamily::Unset && hands_out_regions(zone, i)) {
            check_families(zone, {.name = {}, .policy = i}, position_of(zone, i), key, findings);
        }
    }
    for (const Service& service : zone.services) {
        const bool may_differ =
            zone.policies[service.policy].missing_family != MissingFamily::Unset;
        if (service.addresses.empty() || may_differ) { continue; }
        check_families(zone, service, service.position, key_path("services", service.name),
                       findings);
    }
    check_services(zone, findings);
}

void warn_of_unused_services(const Zone& zone, Findings& findings) {
    std::vector<bool> is_used(zone.services.size());
    for (const Owner& owner : zone.owners) {
        if (owner.steer) { is_used[*owner.steer] = true; }
    }
    for (const Service& service : zone.services) {
        for (const std::size_t other : service.depends) {
            is_used[other] = true;
        }
    }
    for (std::size_t i = 0; i < zone.services.size(); ++i) {
        const Service& service = zone.services[i];
        if (is_used[i] || service.position.file != 0) { continue; }  // a library's may be others'
        findings.report(
            service.is_probed_only ? diagnostics::kUnusedProbes : diagnostics::kUnusedService,
            service.position, key_path("services", service.name), {quoted(service.name)});
    }
}

void warn_of_drained_services(const Zone& zone, Findings& findings) {
    for (const Service& service : zone.services) {
        const Policy& policy = zone.policies[service.policy];
        const std::vector<std::size_t>& regions = policy.regions;
        const auto is_left_out = [&](std::size_t region) {
            return zone.regions[region].is_drained || !is_part_of(zone, service, region);
        };
        if (regions.empty() || !std::ranges::all_of(regions, is_left_out)) { continue; }
        const bool is_of_policy = service.name.empty();
        findings.report(
            diagnostics::kAllDrained, is_of_policy ? policy.position : service.position,
            is_of_policy ? key_path("policies", policy.name) : key_path("services", service.name));
    }
}

void check_steered_ttl(std::uint32_t seconds, TextPosition at, const std::string& key,
                       Findings& findings) {
    if (seconds < kShortSteeredTtlSeconds) {
        findings.report(diagnostics::kSteeredTtlShort, at, key, {std::to_string(seconds)});
    } else if (seconds > kLongSteeredTtlSeconds) {
        findings.report(diagnostics::kSteeredTtlLong, at, key, {std::to_string(seconds)});
    }
}

}  // namespace meridian::zones
