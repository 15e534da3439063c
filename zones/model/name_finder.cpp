// Finds what a zone has for a name, which may have no records.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/name_finder.h"

#include <algorithm>
#include <vector>

#include "meridian/limits.h"

namespace meridian::zones {

const OwnedSet* find_set(const Owner& owner, dns::Type type) {
    const auto found =
        std::ranges::find(owner.sets, type, [](const OwnedSet& set) { return set.records.type; });
    return found == owner.sets.end() ? nullptr : &*found;
}

bool has_address(const Owner& owner) {
    return owner.steer || find_set(owner, dns::Type::A) != nullptr ||
           find_set(owner, dns::Type::AAAA) != nullptr;
}

FoundName NameFinder::find(const dns::Name& name) {
    if (!name.is_at_or_below(zone_.apex)) { return {Standing::Outside}; }
    const FoundName redirection = find_redirection(name);
    if (redirection.owner != nullptr) { return redirection; }
    if (const Owner* owner = owner_of(name.wire())) { return {Standing::Owned, owner}; }
    return find_unwritten(name);
}

/// The topmost delegation or DNAME that decides over the name, if there is one.
FoundName NameFinder::find_redirection(const dns::Name& name) const {
    FoundName topmost;
    for (std::span<const std::uint8_t> at = name.wire();; at = at.subspan(1U + at[0])) {
        const Owner* owner = owner_of(at);
        const bool is_apex = at.size() == zone_.apex.octets();
        if (owner != nullptr && !is_apex && find_set(*owner, dns::Type::NS) != nullptr) {
            topmost = {Standing::Delegated, owner};
        } else if (owner != nullptr && at.size() != name.octets() &&
                   find_set(*owner, dns::Type::DNAME) != nullptr) {
            topmost = {Standing::Redirected, owner};
        }
        if (is_apex) { return topmost; }
    }
}

/// A wildcard answers only below the closest encloser, the longest name above that exists.
FoundName NameFinder::find_unwritten(const dns::Name& name) {
    if (name == zone_.apex) { return {Standing::Empty}; }  // SOA and NS stand elsewhere
    if (++walks_ > kMaxDiagnostics) { return {Standing::Unknown}; }
    std::vector<dns::Name> unwritten{name};  // those that may exist for what stands below them
    dns::Name encloser = name.parent();
    while (encloser != zone_.apex && owner_of(encloser.wire()) == nullptr) {
        unwritten.push_back(encloser);
        encloser = encloser.parent();
    }
    std::size_t existing = unwritten.size();  // the first that exists, and so do those behind it
    for (const Owner& owner : zone_.owners) {
        while (existing > 0 && owner.name.is_at_or_below(unwritten[existing - 1])) {
            --existing;
        }
        if (existing == 0) { return {Standing::Empty}; }
    }
    if (existing < unwritten.size()) { encloser = unwritten[existing]; }
    const auto wildcard = encloser.child("*");
    const Owner* owner = wildcard ? owner_of(wildcard->wire()) : nullptr;
    return {owner == nullptr ? Standing::Missing : Standing::Wildcard, owner};
}

}  // namespace meridian::zones
