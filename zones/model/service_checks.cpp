// Checks what services hand out, and what they depend on.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/service_checks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "zones/model/diagnostic_kinds.h"
#include "zones/model/service_families.h"

namespace meridian::zones {
namespace {

std::string key_of(const Service& service, std::string_view key) {
    return key_path(key_path("services", service.name), key);
}

/// Whether a type exists never depends on what is up (DESIGN 2, rule 1).
void check_last_resort(const Zone& zone, const Service& service, Findings& findings) {
    if (service.last_resort.empty()) { return; }
    for (const Family family : kFamilies) {
        const bool is_answered = service_has_family(zone, service, family);
        if (has_family(service.last_resort, family) == is_answered) { continue; }
        findings.report(is_answered ? diagnostics::kLastResortWithoutFamily
                                    : diagnostics::kLastResortBeyondFamilies,
                        service.last_resort_position, key_of(service, "last_resort"),
                        {family_name(family)});
    }
}

void check_dependencies(const Zone& zone, const Service& service, Findings& findings) {
    for (std::size_t i = 0; i < service.depends.size(); ++i) {
        const Service& other = zone.services[service.depends[i]];
        const std::vector<std::size_t>& there = zone.policies[other.policy].regions;
        for (const std::size_t region : zone.policies[service.policy].regions) {
            if (!is_part_of(zone, service, region)) { continue; }
            const bool has_region =
                std::ranges::find(there, region) != there.end() && is_part_of(zone, other, region);
            if (has_region) { continue; }
            const std::string name = quoted(zone.regions[region].name);
            findings.report(
                diagnostics::kDependencyWithoutRegion, service.depends_positions[i],
                key_of(service, "depends"),
                {quoted(service.name), quoted(other.name), name, name, quoted(service.name)});
            break;  // the others would be reported likewise
        }
    }
}

/// Follows dependencies from service to service. A circle is reported once, at the service of it
/// that was reached first.
class CircleFinder {
public:
    CircleFinder(const Zone& zone, Findings& findings)
        : zone_(zone), findings_(findings), marks_(zone.services.size()) {}

    void run() {
        for (std::size_t i = 0; i < zone_.services.size(); ++i) {
            visit(i);
        }
    }

private:
    enum class Mark : std::uint8_t { New, OnTheWay, Done };

    void visit(std::size_t service) {
        if (marks_[service] != Mark::New) { return; }
        marks_[service] = Mark::OnTheWay;
        way_.push_back(service);
        for (const std::size_t other : zone_.services[service].depends) {
            if (marks_[other] == Mark::OnTheWay) { report(other); }
            visit(other);  // kMaxServices bounds the depth
        }
        way_.pop_back();
        marks_[service] = Mark::Done;
    }

    void report(std::size_t first) {
        const auto begin = std::ranges::find(way_, first);
        const Service& service = zone_.services[first];
        std::string chain = quoted(service.name);
        for (auto each = begin + 1; each != way_.end(); ++each) {
            chain += link(each == begin + 1) + quoted(zone_.services[*each].name);
        }
        chain += link(begin + 1 == way_.end()) + quoted(service.name);
        const std::size_t next = begin + 1 == way_.end() ? first : *(begin + 1);
        const auto at = std::ranges::find(service.depends, next) - service.depends.begin();
        findings_.report(diagnostics::kDependencyCircle,
                         service.depends_positions[static_cast<std::size_t>(at)],
                         key_of(service, "depends"), {chain});
    }

    static std::string link(bool is_first) { return is_first ? " depends on " : ", that on "; }

    const Zone& zone_;
    Findings& findings_;
    std::vector<Mark> marks_;
    std::vector<std::size_t> way_;
};

/// Warns of a policy by which all of a service's regions count as up as soon as one is down. One
/// region alone never counts as up while it is down.
void warn_of_min_regions(const Zone& zone, const Service& service, Findings& findings) {
    const Policy& policy = zone.policies[service.policy];
    const auto count = static_cast<std::size_t>(std::ranges::count_if(
        policy.regions, [&](std::size_t region) { return is_part_of(zone, service, region); }));
    if (count < 2 || policy.min_regions < count) { return; }
    const bool is_written = !service.name.empty();
    findings.report(
        diagnostics::kMinRegionsOfAll, is_written ? service.position : policy.position,
        is_written ? key_path("services", service.name) : key_path("policies", policy.name),
        {std::to_string(count), std::to_string(policy.min_regions)});
}

/// Warns of what becomes of families that only some of its regions have.
void warn_of_families(const Zone& zone, const Service& service, Findings& findings) {
    const Policy& policy = zone.policies[service.policy];
    const bool is_written = !service.name.empty();
    const TextPosition at = is_written ? service.position : policy.position;
    const std::string key =
        is_written ? key_path("services", service.name) : key_path("policies", policy.name);
    const bool has_v4 = service_has_family(zone, service, Family::V4);
    const bool has_v6 = service_has_family(zone, service, Family::V6);
    if (!has_v4 && !has_v6 && policy.missing_family == MissingFamily::Omit) {
        return findings.report(diagnostics::kNoFamilyInAll, at, key);
    }
    if (policy.missing_family != MissingFamily::Next || !has_v4 || !has_v6) { return; }
    std::vector<std::string_view> bypassed;
    for (const std::size_t region : policy.regions) {
        const std::vector<IpAddress>& addresses = addresses_of(zone, service, region);
        const bool has_v4_alone = !addresses.empty() && !has_family(addresses, Family::V6);
        if (has_v4_alone) { bypassed.push_back(zone.regions[region].name); }
    }
    if (bypassed.empty()) { return; }
    findings.report(diagnostics::kBypassedRegions, at, key, {quoted_list(bypassed)});
}

}  // namespace

void check_services(const Zone& zone, Findings& findings) {
    for (const Service& service : zone.services) {
        check_last_resort(zone, service, findings);
        check_dependencies(zone, service, findings);
        warn_of_min_regions(zone, service, findings);
        const bool has_addresses = service.cnames.empty() && !service.is_probed_only;
        if (has_addresses) { warn_of_families(zone, service, findings); }
    }
    CircleFinder(zone, findings).run();
}

}  // namespace meridian::zones
