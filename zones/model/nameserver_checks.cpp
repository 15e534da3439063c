// Checks whether a zone's own nameservers have addresses.
//
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "zones/model/diagnostic_kinds.h"
#include "zones/model/mistaken_names.h"
#include "zones/model/target_checks.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {
namespace {

const std::string kKey = "nameservers";

bool is_alias(const FoundName& found) {
    return found.owner != nullptr && find_set(*found.owner, dns::Type::CNAME) != nullptr;
}

/// Reports that resolvers find no address of the nameserver, and what may have been meant.
void report_no_address(const Zone& zone, const dns::Name& name, TextPosition at,
                       Findings& findings) {
    const std::string text = relative_text(name, zone.apex);
    if (const auto address = address_named_by(name, zone.apex)) {
        findings.report(diagnostics::kNameserverIsAddress, at, kKey, {quoted(*address)});
    } else if (text.find('.') != std::string::npos && !zone.apex.is_root()) {
        findings.report(diagnostics::kNameserverDotForgotten, at, kKey,
                        {quoted(text), quoted(text + "."), address_record(zone, name, at)});
    } else {
        findings.report(diagnostics::kNameserverWithoutAddress, at, kKey,
                        {quoted(text), address_record(zone, name, at)});
    }
}

void check_nameserver(const Zone& zone, const dns::Name& name, TextPosition at, NameFinder& finder,
                      Findings& findings) {
    const FoundName found = finder.find(name);
    switch (found.standing) {
        case Standing::Outside:
            if (const auto address = address_named_by(name, zone.apex)) {
                return findings.report(diagnostics::kTargetIsAddress, at, kKey, {"NS", *address});
            }
            if (is_below_root(name, zone.apex)) {
                findings.report(diagnostics::kTargetBelowRoot, at, kKey,
                                {"NS", name.to_text(), below(name, zone.apex)});
            }
            return;
        case Standing::Owned:
        case Standing::Wildcard:
            if (is_alias(found)) {
                const TextPosition alias = find_set(*found.owner, dns::Type::CNAME)->position;
                return findings.report(diagnostics::kNameserverIsAlias, alias,
                                       key_of(zone, found.owner->name, dns::Type::CNAME),
                                       {address_record(zone, name, alias)});
            }
            // A steered owner is reported elsewhere. A steered wildcard is no owner of this name,
            // and its answer is no address of the nameserver.
            if (found.standing == Standing::Wildcard
                    ? !found.owner->steer && has_address(*found.owner)
                    : has_address(*found.owner)) {
                if (repeats_apex(name, zone.apex)) {
                    findings.report(diagnostics::kTargetDotForgotten, at, kKey,
                                    {name.to_text(), "the zone"});
                }
                return;
            }
            break;
        case Standing::Delegated: {
            const Owner* glue = finder.owner_of(name.wire());
            if (glue != nullptr && has_address(*glue)) { return; }
            return findings.report(
                diagnostics::kNameserverBelowDelegation, at, kKey,
                {quoted(relative_text(name, zone.apex)),
                 line_of(zone, find_set(*found.owner, dns::Type::NS)->position, at),
                 address_record(zone, name, at)});
        }
        default:
            break;
    }
    report_no_address(zone, name, at, findings);
}

}  // namespace

void check_nameservers(const Zone& zone, const WrittenPositions& positions, NameFinder& finder,
                       Findings& findings) {
    if (zone.nameservers.size() == 1 && positions.nameservers_whole) {
        findings.report(diagnostics::kSingleNameserver, zone.nameservers_position, kKey);
    }
    for (std::size_t i = 0; i < zone.nameservers.size(); ++i) {
        check_nameserver(zone, zone.nameservers[i], zone.nameserver_positions[i], finder, findings);
    }
}

}  // namespace meridian::zones
