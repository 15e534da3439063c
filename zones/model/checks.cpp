// Applies the rules of the DNS to a zone that was read.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/checks.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "meridian/dns/rdata.h"
#include "meridian/limits.h"
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
    NameChecker(const Zone& zone, Findings& findings) : zone_(zone), findings_(findings) {
        for (const Owner& owner : zone.owners) {
            owners_.emplace(owner.name, &owner);
        }
    }

    void check() {
        check_nameservers();
        for (const Owner& owner : zone_.owners) {
            for (const OwnedSet& set : owner.sets) {
                check_set(owner, set);
            }
            check_alias(owner);
            check_steer(owner);
            check_wildcard(owner);
            check_delegation(owner);
            check_above(owner);
        }
    }

private:
    void check_nameservers();
    void check_set(const Owner& owner, const OwnedSet& set);
    void check_alias(const Owner& owner);
    void check_steer(const Owner& owner);
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
    [[nodiscard]] const Owner* find(const dns::Name& name) const {
        const auto found = owners_.find(name);
        return found == owners_.end() ? nullptr : found->second;
    }
    [[nodiscard]] bool is_apex(const Owner& owner) const { return owner.name == zone_.apex; }
    [[nodiscard]] bool is_nameserver(const Owner& owner) const {
        return std::find(zone_.nameservers.begin(), zone_.nameservers.end(), owner.name) !=
               zone_.nameservers.end();
    }

    const Zone& zone_;
    Findings& findings_;
    std::map<dns::Name, const Owner*> owners_;
};

void NameChecker::check_nameservers() {
    const TextPosition at = zone_.nameservers_position;
    if (zone_.nameservers.size() == 1) {
        findings_.warning(at, "nameservers",
                          "there is only one; when it cannot be reached, the zone is gone",
                          "a second one on another network is usual (RFC 1034 §4.1)");
    }
    for (const dns::Name& name : zone_.nameservers) {
        if (!name.is_at_or_below(zone_.apex)) { continue; }
        const Owner* owner = find(name);
        const std::string text = relative_text(name, zone_.apex);
        if (owner != nullptr && set_of(*owner, Type::CNAME) != nullptr) {
            findings_.error(
                set_of(*owner, Type::CNAME)->position, key_of(*owner, Type::CNAME),
                "a nameserver cannot be an alias (RFC 2181 §10.3)",
                "give it addresses of its own: " + key_path("", text) + ".a = \"192.0.2.53\"");
            continue;
        }
        if (owner != nullptr && owner->steer) { continue; }  // told there
        if (owner == nullptr ||
            (set_of(*owner, Type::A) == nullptr && set_of(*owner, Type::AAAA) == nullptr)) {
            const bool toml = at.file == 0;
            findings_.error(
                at, "nameservers",
                quoted(text) + " has no address" + (toml ? " in [records]" : " in the zone"),
                toml ? "add " + key_path("", text) + ".a = \"192.0.2.53\" with its address"
                     : "add an A or AAAA record of " + name.to_text());
        }
    }
}

void NameChecker::check_set(const Owner& owner, const OwnedSet& set) {
    const Type type = set.records.type;
    const std::string key = key_of(owner, type);
    const std::size_t count = set.records.records.size();
    if (type == Type::SOA) {
        findings_.error(set.position, key, "the SOA record follows from other keys",
                        "see `soa`, `contact` and `nameservers`");
    } else if (is_apex(owner) && type == Type::NS) {
        findings_.error(set.position, key, "the zone's own NS records follow from `nameservers`",
                        "name them there");
    } else if (is_apex(owner) && type == Type::DS) {
        findings_.error(set.position, key,
                        "the DS records of a zone stand in its parent (RFC 4035 §2.4)");
    } else if (type == Type::DS && set_of(owner, Type::NS) == nullptr) {
        findings_.warning(set.position, key, "DS means nothing without NS beside it");
    }
    if ((type == Type::CNAME || type == Type::DNAME) && count > 1) {
        findings_.error(
            set.position, key,
            "a name has one " + dns::type_to_text(type) + " record, not " + std::to_string(count));
    }
    if (count > kMaxRecordsPerSet) {
        findings_.error(set.position, key,
                        std::to_string(count) + " records; a name has at most " +
                            std::to_string(kMaxRecordsPerSet) + " of a type");
    }
}

void NameChecker::check_alias(const Owner& owner) {
    const OwnedSet* alias = set_of(owner, Type::CNAME);
    if (alias == nullptr) { return; }
    const std::string key = key_of(owner, Type::CNAME);
    if (is_apex(owner)) {
        findings_.error(alias->position, key,
                        "the zone's own name has SOA and NS and cannot be an alias",
                        "steer it, or give it addresses (RFC 1034 §3.6.2)");
        return;
    }
    for (const OwnedSet& set : owner.sets) {
        if (set.records.type == Type::CNAME || is_signature(set.records.type)) { continue; }
        findings_.error(alias->position, key, "a name that is an alias has no other records",
                        "it has " + dns::type_to_text(set.records.type) + " at " +
                            place_of(zone_, set.position, alias->position) + " (RFC 1034 §3.6.2)");
        return;
    }
}

void NameChecker::check_steer(const Owner& owner) {
    if (!owner.steer) { return; }
    const std::string key = key_path(key_of(owner.name), "steer");
    if (is_nameserver(owner)) {
        findings_.error(owner.steer_position, key,
                        "a nameserver's own name cannot be steered: resolvers share its addresses",
                        "give it `a` and `aaaa`");
    }
    for (const OwnedSet& set : owner.sets) {
        const Type type = set.records.type;
        const bool delegates = type == Type::NS && !is_apex(owner);
        if (!is_address(type) && type != Type::CNAME && !delegates) { continue; }
        findings_.error(owner.steer_position, key,
                        "a name is either steered or has " + dns::type_to_text(type) + " records",
                        dns::type_to_text(type) + " is at " +
                            place_of(zone_, set.position, owner.steer_position));
    }
}

void NameChecker::check_wildcard(const Owner& owner) {
    const std::string text = relative_text(owner.name, zone_.apex);
    const std::size_t star = text.rfind('*');
    if (star == std::string::npos) { return; }
    if (!owner.name.is_wildcard() || star > 0) {
        findings_.warning(owner.position, key_of(owner.name),
                          "an asterisk is a wildcard only as the whole first label",
                          "here it is a plain character (RFC 4592 §2.1.1)");
    }
    for (const Type type : {Type::NS, Type::DNAME}) {
        const OwnedSet* set = owner.name.is_wildcard() ? set_of(owner, type) : nullptr;
        if (set == nullptr) { continue; }
        findings_.warning(set->position, key_of(owner, type),
                          dns::type_to_text(type) + " under a wildcard has no defined meaning",
                          "see RFC 4592 §4");
    }
}

/// Looks at a name that is the top of somebody else's zone.
void NameChecker::check_delegation(const Owner& owner) {
    const OwnedSet* delegation = set_of(owner, Type::NS);
    if (delegation == nullptr || is_apex(owner)) { return; }
    for (const OwnedSet& set : owner.sets) {
        const Type type = set.records.type;
        if (type == Type::DNAME) {
            findings_.error(set.position, key_of(owner, type),
                            "DNAME cannot stand beside NS (RFC 6672 §2.3)");
        } else if (type != Type::NS && type != Type::DS && !is_address(type) &&
                   type != Type::CNAME && !is_signature(type)) {
            findings_.warning(set.position, key_of(owner, type),
                              "never answered: the name is delegated at " +
                                  place_of(zone_, delegation->position, set.position),
                              "it belongs into the zone of those nameservers");
        }
    }
    for (const dns::Rdata& rdata : delegation->records.records) {
        const auto target = dns::target_name(Type::NS, rdata);
        if (!target || !target->is_at_or_below(owner.name)) { continue; }
        const Owner* glue = find(*target);
        if (glue != nullptr && (set_of(*glue, Type::A) || set_of(*glue, Type::AAAA))) { continue; }
        const std::string text = relative_text(*target, zone_.apex);
        findings_.warning(delegation->position, key_of(owner, Type::NS),
                          target->to_text() + " cannot be found without an address here",
                          delegation->position.file == 0
                              ? "add " + key_path("", text) + ".a = \"192.0.2.53\" with its address"
                              : "add an A or AAAA record of " + target->to_text());
    }
}

/// Looks for a delegation or a DNAME above, which hides this name.
void NameChecker::check_above(const Owner& owner) {
    for (dns::Name name = owner.name; name != zone_.apex;) {
        name = name.parent();
        const Owner* above = find(name);
        if (above == nullptr) { continue; }
        if (const OwnedSet* redirection = set_of(*above, Type::DNAME)) {
            findings_.error(owner.position, key_of(owner.name),
                            "nothing can stand below a DNAME (RFC 6672 §2.4)",
                            "that of " + quoted(relative_text(name, zone_.apex)) + " is at " +
                                place_of(zone_, redirection->position, owner.position));
            return;
        }
        const OwnedSet* delegation = name == zone_.apex ? nullptr : set_of(*above, Type::NS);
        if (delegation == nullptr) { continue; }
        const bool glue = std::all_of(owner.sets.begin(), owner.sets.end(),
                                      [](const OwnedSet& s) { return is_address(s.records.type); });
        if (glue && !owner.steer) { continue; }
        findings_.warning(owner.position, key_of(owner.name),
                          "never answered: " + quoted(relative_text(name, zone_.apex)) +
                              " is delegated at " +
                              place_of(zone_, delegation->position, owner.position),
                          "below a delegation only addresses of nameservers are of use");
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
    std::vector<std::size_t> without_v4;
    std::vector<std::size_t> without_v6;
    for (const std::size_t index : policy.regions) {
        const std::vector<IpAddress>& addresses = zone.regions[index].addresses;
        const auto count = std::count_if(addresses.begin(), addresses.end(),
                                         [](const IpAddress& address) { return address.is_v4(); });
        if (count == 0) { without_v4.push_back(index); }
        if (static_cast<std::size_t>(count) == addresses.size()) { without_v6.push_back(index); }
    }
    std::string message;
    if (!without_v4.empty() && without_v4.size() < policy.regions.size()) {
        message = "without IPv4: " + names_of(zone, without_v4);
    }
    if (!without_v6.empty() && without_v6.size() < policy.regions.size()) {
        message += (message.empty() ? "" : "; ") + ("without IPv6: " + names_of(zone, without_v6));
    }
    if (message.empty()) { return; }
    findings.error(policy.position, key, "its regions differ in what they have (" + message + ")",
                   "give the regions both, or in [" + key +
                       "] write missing_family = \"next\" to use the next region that has it, or "
                       "\"omit\" to do without everywhere");
}

}  // namespace

void check_names(const Zone& zone, Findings& findings) {
    NameChecker(zone, findings).check();
}

void check_policies(const Zone& zone, Findings& findings) {
    for (const Policy& policy : zone.policies) {
        const std::string key = key_path("policies", policy.name);
        if (policy.regions.empty()) {
            findings.error(policy.position, key, "there is no region to choose",
                           "add one: [regions.NAME] with `at` and `addresses`");
        } else if (policy.missing_family == MissingFamily::Unset) {
            check_families(zone, policy, key, findings);
        }
    }
}

}  // namespace meridian::zones
