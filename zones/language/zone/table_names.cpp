// Finds the regions, policies and services of a zone by the names that its files have for them.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/table_names.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "zones/language/text/several_values.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

std::vector<std::string_view> region_names(const Zone& zone) {
    std::vector<std::string_view> names;
    for (const Region& region : zone.regions) {
        names.push_back(region.name);
    }
    return names;
}

std::vector<std::string_view> policy_names(const Zone& zone) {
    std::vector<std::string_view> names{kBuiltInPolicy};
    for (const Policy& known : zone.policies) {
        if (known.name != kBuiltInPolicy) { names.push_back(known.name); }
    }
    return names;
}

std::vector<std::string_view> service_names(const Zone& zone) {
    std::vector<std::string_view> names;
    for (const Service& known : zone.services) {
        if (!known.name.empty()) { names.push_back(known.name); }
    }
    return names;
}

}  // namespace

TableNames::TableNames(UnknownName unknown, Zone& zone, Findings& findings)
    : unknown_(unknown), zone_(zone), findings_(findings) {
    for (std::size_t i = 0; i < zone.regions.size(); ++i) {
        regions_.emplace(zone.regions[i].name, i);
    }
}

std::optional<std::size_t> TableNames::region(const WrittenName& name, const std::string& key,
                                              std::string_view kind) {
    const auto found = regions_.find(name.name);
    if (found != regions_.end()) { return found->second; }
    knew_all_ = false;
    report_unknown_region(name, key, kind);
    return {};
}

void TableNames::report_unknown_region(const WrittenName& name, const std::string& key,
                                       std::string_view kind) {
    const TextPosition at = name.at;
    const std::vector<std::string_view> names = region_names(zone_);
    const auto is_known = [&](const std::string& word) { return is_region(word); };
    if (report_several(name.name, ValueForm::OneWord, is_known, at, key, findings_)) { return; }
    if (unknown_ == UnknownName::MayComeFromTheZone) {
        return findings_.report(
            diagnostics::kRegionOfNoLibrary, at, key,
            {quoted(name.name), kind, spelling_hint(name.name, "regions here", names)});
    }
    if (names.empty()) {
        return findings_.report(diagnostics::kUnknownRegionOfNone, at, key, {quoted(name.name)});
    }
    findings_.report(diagnostics::kUnknownRegion, at, key,
                     {quoted(name.name),
                      findings_.full() ? "" : spelling_hint(name.name, "regions here", names)});
}

std::optional<std::size_t> TableNames::policy(const WrittenName& name, const std::string& key,
                                              std::string_view kind) {
    const TextPosition at = name.at;
    if (const auto found = find_policy(name.name, at, zone_)) { return found; }
    knew_all_ = false;
    const std::vector<std::string_view> names = policy_names(zone_);
    if (unknown_ == UnknownName::MayComeFromTheZone) {
        findings_.report(
            diagnostics::kPolicyOfNoLibrary, at, key,
            {quoted(name.name), kind, spelling_hint(name.name, "policies here", names)});
    } else {
        findings_.report(
            diagnostics::kUnknownPolicy, at, key,
            {quoted(name.name),
             findings_.full() ? "" : spelling_hint(name.name, "policies in this zone", names)});
    }
    return {};
}

std::vector<std::size_t> all_regions(const Zone& zone) {
    std::vector<std::size_t> all(zone.regions.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

std::optional<std::size_t> find_policy(std::string_view name, TextPosition asked_at, Zone& zone) {
    for (std::size_t i = 0; i < zone.policies.size(); ++i) {
        if (zone.policies[i].name == name) { return i; }
    }
    if (name != kBuiltInPolicy) { return {}; }
    Policy nearest;
    nearest.name = name;
    nearest.regions = all_regions(zone);
    nearest.default_order = nearest.regions;
    nearest.is_written = false;
    nearest.position = asked_at;
    zone.policies.push_back(std::move(nearest));
    return zone.policies.size() - 1;
}

std::optional<std::size_t> find_service(std::string_view name, TextPosition asked_at, Zone& zone) {
    const auto index_where = [&](const auto& predicate) {
        const auto found = std::ranges::find_if(zone.services, predicate);
        return static_cast<std::size_t>(found - zone.services.begin());
    };
    const std::size_t named =
        index_where([&](const Service& service) { return !name.empty() && service.name == name; });
    if (named < zone.services.size()) { return named; }
    const auto policy = find_policy(name, asked_at, zone);
    if (!policy) { return {}; }
    const std::size_t of_policy = index_where(
        [&](const Service& service) { return service.name.empty() && service.policy == *policy; });
    if (of_policy == zone.services.size()) {
        zone.services.push_back({.name = {}, .policy = *policy, .position = asked_at});
    }
    return of_policy;
}

void report_unknown_service(const std::string& name, TextPosition at, const std::string& key,
                            const Zone& zone, Findings& findings) {
    const std::vector<std::string_view> policies = policy_names(zone);
    const std::vector<std::string_view> services = service_names(zone);
    if (services.empty()) {
        return findings.report(
            diagnostics::kUnknownPolicy, at, key,
            {quoted(name), spelling_hint(name, "policies in this zone", policies)});
    }
    std::vector<std::string_view> both = services;
    both.insert(both.end(), policies.begin(), policies.end());
    findings.report(
        diagnostics::kUnknownService, at, key,
        {quoted(name), did_you_mean(name, both), quoted_list(services), quoted_list(policies)});
}

}  // namespace meridian::zones
