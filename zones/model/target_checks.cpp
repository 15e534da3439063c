// Checks where the records of a zone point to.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/target_checks.h"

#include <algorithm>
#include <string>
#include <vector>

#include "meridian/dns/rdata.h"
#include "meridian/limits.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/mistaken_names.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {
namespace {

using dns::Type;

/// Types whose target is the name of a host.
bool names_host(Type type) {
    return type == Type::MX || type == Type::SRV || type == Type::NS;
}

bool has_foreign_octets(const dns::Name& name) {
    return std::ranges::any_of(name.wire(), [](std::uint8_t octet) { return octet >= 0x80; });
}

class TargetChecker {
public:
    TargetChecker(const Zone& zone, const WrittenPositions& positions, NameFinder& finder,
                  Findings& findings)
        : zone_(zone), positions_(positions), finder_(finder), findings_(findings) {}

    void check() {
        const bool is_reverse = is_reverse_zone(zone_.apex);
        for (const Owner& owner : zone_.owners) {
            for (const OwnedSet& set : owner.sets) {
                const Type type = set.records.type;
                const bool looked_at = names_host(type) || type == Type::CNAME ||
                                       type == Type::SVCB || type == Type::HTTPS ||
                                       (type == Type::PTR && is_reverse);
                const bool is_checked_elsewhere = type == Type::NS && owner.name == zone_.apex;
                if (looked_at && !is_checked_elsewhere) { check_set(owner, set); }
            }
        }
    }

private:
    /// A record that points to a name.
    struct Pointer {
        const Owner& owner;
        const OwnedSet& set;
        const dns::Name& target;
        TextPosition at;
    };

    void check_set(const Owner& owner, const OwnedSet& set) {
        for (std::size_t i = 0; i < set.records.records.size(); ++i) {
            const auto target = dns::target_name(set.records.type, set.records.records[i]);
            if (!target) { continue; }
            const Pointer pointer{owner, set, *target, positions_.of(set, i)};
            if (!target->is_root()) {
                check_pointer(pointer);
            } else if (set.records.type == Type::MX && set.records.records.size() > 1) {
                report(diagnostics::kNullMxAmongOthers, pointer, {});
            }
        }
        if (set.records.type == Type::CNAME) { check_chain(owner); }
    }
    void check_pointer(const Pointer& pointer);
    void check_found(const Pointer& pointer, const FoundName& found);
    void check_glue(const Pointer& pointer, const Owner& cut);
    void check_chain(const Owner& first);
    void report_circle(const std::vector<const Owner*>& chain);
    /// The owner of the alias that `alias` leads to; null where it leads elsewhere.
    const Owner* next_alias(const Owner& alias);
    [[nodiscard]] std::string hint_for_missing(const Pointer& pointer) const;
    /// Also one that is steered to a service of CNAMEs.
    [[nodiscard]] bool is_alias(const Owner& owner) const {
        return find_set(owner, Type::CNAME) != nullptr ||
               (owner.steer && !zone_.services[*owner.steer].cnames.empty());
    }
    void report(const DiagnosticKind& kind, const Pointer& pointer,
                std::initializer_list<std::string_view> values) {
        const FoundName found = finder_.find(pointer.owner.name);
        const bool is_cut = pointer.set.records.type == Type::NS && found.owner == &pointer.owner;
        if (found.standing != Standing::Owned && !is_cut) {
            return;
        }  // never answered: reported already
        findings_.report(kind, pointer.at,
                         key_of(zone_, pointer.owner.name, pointer.set.records.type), values);
    }

    const Zone& zone_;
    const WrittenPositions& positions_;
    NameFinder& finder_;
    Findings& findings_;
};

void TargetChecker::check_pointer(const Pointer& pointer) {
    const Type type = pointer.set.records.type;
    const FoundName found = finder_.find(pointer.target);
    const bool is_written = found.standing == Standing::Owned;
    if (type != Type::PTR && !is_written) {
        if (const auto address = address_named_by(pointer.target, zone_.apex)) {
            return report(diagnostics::kTargetIsAddress, pointer,
                          {dns::type_to_text(type), *address});
        }
    }
    if (type != Type::PTR && is_below_root(pointer.target, zone_.apex)) {
        return report(
            diagnostics::kTargetBelowRoot, pointer,
            {dns::type_to_text(type), pointer.target.to_text(), below(pointer.target, zone_.apex)});
    }
    check_found(pointer, found);
}

void TargetChecker::check_found(const Pointer& pointer, const FoundName& found) {
    const Type type = pointer.set.records.type;
    const std::string name = pointer.target.to_text();
    switch (found.standing) {
        case Standing::Missing:
            // Both were reported at the record.
            if (name.find("://") != std::string::npos) { return; }
            if (pointer.at.file != 0 && has_foreign_octets(pointer.target)) { return; }
            if (type != Type::CNAME && repeats_apex(pointer.target, zone_.apex)) { return; }
            if (type == Type::CNAME) {
                return report(diagnostics::kAliasToNothing, pointer,
                              {name, hint_for_missing(pointer)});
            }
            return report(diagnostics::kTargetToNothing, pointer,
                          {dns::type_to_text(type), name, hint_for_missing(pointer)});
        case Standing::Wildcard:
            // A wildcard answers for every name below it, so a mistaken name gets an answer, too.
            if (type == Type::PTR || (found.owner->name.parent() == zone_.apex &&
                                      seems_absolute(pointer.target, zone_.apex))) {
                return report(diagnostics::kTargetDotForgotten, pointer, {name, "the zone"});
            }
            break;
        case Standing::Delegated:
            if (type == Type::NS) { check_glue(pointer, *found.owner); }
            return;
        case Standing::Owned:
        case Standing::Empty:
            break;
        default:
            return;
    }
    if (!names_host(type)) { return; }
    if (found.owner != nullptr && is_alias(*found.owner)) {
        report(diagnostics::kTargetIsAlias, pointer, {dns::type_to_text(type), name});
    } else if (found.owner == nullptr || !has_address(*found.owner)) {
        report(diagnostics::kTargetWithoutAddress, pointer,
               {dns::type_to_text(type), name,
                address_record(zone_, pointer.target, pointer.set.position)});
    }
}

/// A nameserver below the delegation that names it is found by glue alone (RFC 9471 §2.1);
/// resolvers can look up one that is below another delegation.
void TargetChecker::check_glue(const Pointer& pointer, const Owner& cut) {
    if (&cut != &pointer.owner) { return; }
    const Owner* glue = finder_.owner_of(pointer.target.wire());
    if (glue != nullptr && has_address(*glue)) { return; }
    report(diagnostics::kMissingGlue, pointer,
           {pointer.target.to_text(), address_record(zone_, pointer.target, pointer.set.position)});
}

std::string TargetChecker::hint_for_missing(const Pointer& pointer) const {
    const std::string text = relative_text(pointer.target, zone_.apex);
    const bool is_outside = !zone_.apex.is_root() && (pointer.set.records.type == Type::PTR ||
                                                      seems_absolute(pointer.target, zone_.apex));
    if (is_outside) {
        return "a name without a final dot goes on with the zone; write " + text + ".";
    }
    return "add records under that name; a name outside of the zone ends in a dot";
}

const Owner* TargetChecker::next_alias(const Owner& alias) {
    const OwnedSet* set = find_set(alias, Type::CNAME);
    if (set == nullptr || set->records.records.empty()) { return nullptr; }
    const auto target = dns::target_name(Type::CNAME, set->records.records.front());
    const FoundName found = finder_.find(*target);
    const bool answers = found.standing == Standing::Owned || found.standing == Standing::Wildcard;
    if (!answers || find_set(*found.owner, Type::CNAME) == nullptr) { return nullptr; }
    return found.owner;
}

/// Follows an alias as an answer would. A circle is reported once, at the first of its aliases in
/// the file, not at aliases that lead into it.
void TargetChecker::check_chain(const Owner& first) {
    std::vector<const Owner*> chain{&first};
    while (const Owner* next = next_alias(*chain.back())) {
        if (next == &first) { return report_circle(chain); }
        if (std::ranges::find(chain, next) != chain.end()) { return; }
        chain.push_back(next);
        if (chain.size() > kMaxCnameHops) {
            const OwnedSet* set = find_set(first, Type::CNAME);
            return findings_.report(diagnostics::kAliasChainTooLong, set->position,
                                    key_of(zone_, first.name, Type::CNAME),
                                    {std::to_string(kMaxCnameHops)});
        }
    }
}

void TargetChecker::report_circle(const std::vector<const Owner*>& chain) {
    if (chain.front() != *std::ranges::min_element(chain)) { return; }
    std::vector<std::string> texts;
    for (const Owner* alias : chain) {
        texts.push_back(relative_text(alias->name, zone_.apex));
    }
    texts.push_back(texts.front());
    const std::vector<std::string_view> shown(texts.begin(), texts.end());
    const OwnedSet* set = find_set(*chain.front(), Type::CNAME);
    findings_.report(diagnostics::kAliasCircle, set->position,
                     key_of(zone_, chain.front()->name, Type::CNAME),
                     {quoted_list(shown, kMaxCnameHops + 1)});
}

}  // namespace

void check_targets(const Zone& zone, const WrittenPositions& positions, NameFinder& finder,
                   Findings& findings) {
    TargetChecker(zone, positions, finder, findings).check();
}

}  // namespace meridian::zones
