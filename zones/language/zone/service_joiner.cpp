// Understands services in terms of the regions and policies of a zone.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/service_joiner.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "zones/language/records/zone_names.h"
#include "zones/language/text/several_values.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {

void ServiceJoiner::join(const WrittenService& written, std::uint32_t file) {
    const std::string path = key_path("services", written.name);
    Service service{.name = written.name,
                    .ttl_seconds = written.ttl_seconds,
                    .is_probed_only = written.is_probed_only,
                    .position = in_file(written.position, file)};
    check_name(service, path);
    const WrittenName named{written.policy.name, in_file(written.policy.at, file)};
    const auto policy = names_.policy(named, key_path(path, "policy"), "service");
    // With an error the service stays, so that a name that asks for it is not reported as well.
    service.policy = policy ? *policy : *find_policy(kBuiltInPolicy, service.position, zone_);
    if (policy) {
        add_parts(written, file, key_path(path, "addresses"), service);
        add_targets(written, file, key_path(path, "cname"), service);
        add_probes(written, file, key_path(path, "probe"), service);
    }
    add_last_resort(written, file, key_path(path, "last_resort"), service);
    service.families_together = written.families_together;
    zone_.services.push_back(std::move(service));
}

void ServiceJoiner::join_dependencies(const WrittenService& written, std::uint32_t file) {
    const auto service = std::ranges::find(zone_.services, written.name, &Service::name);
    if (service == zone_.services.end()) { return; }  // beyond kMaxServices
    const std::string key = key_path(key_path("services", written.name), "depends");
    for (const WrittenName& name : written.depends) {
        const WrittenName named{name.name, in_file(name.at, file)};
        const auto other = std::ranges::find(zone_.services, named.name, &Service::name);
        if (named.name.empty() || other == zone_.services.end()) {
            report_unknown_dependency(named, key);
            continue;
        }
        const auto index = static_cast<std::size_t>(other - zone_.services.begin());
        if (std::ranges::find(service->depends, index) != service->depends.end()) {
            findings_.report(diagnostics::kDependsTwice, named.at, key, {quoted(named.name)});
            continue;
        }
        service->depends.push_back(index);
        service->depends_positions.push_back(named.at);
    }
}

void ServiceJoiner::report_unknown_dependency(const WrittenName& named, const std::string& key) {
    knew_all_services_ = false;
    std::vector<std::string_view> names;
    for (const Service& service : zone_.services) {
        if (!service.name.empty()) { names.push_back(service.name); }
    }
    const std::string hint = spelling_hint(named.name, "services here", names);
    findings_.report(unknown_ == UnknownName::MayComeFromTheZone ? diagnostics::kServiceOfNoLibrary
                                                                 : diagnostics::kUnknownDependency,
                     named.at, key, {quoted(named.name), hint});
}

void ServiceJoiner::add_last_resort(const WrittenService& written, std::uint32_t file,
                                    const std::string& path, Service& service) {
    if (!written.last_resort_at) { return; }
    service.last_resort_position = in_file(*written.last_resort_at, file);
    service.last_resort = written.last_resort;
    if (!written.last_resort_target) { return; }
    service.last_resort_cname = read_target(written.last_resort_target->name,
                                            {in_file(written.last_resort_target->at, file), path});
}

/// Where names lead; none after a diagnostic.
std::optional<dns::Name> ServiceJoiner::read_target(const std::string& text,
                                                    const KeyPosition& where) {
    auto target = read_name(text, zone_.apex, where, findings_);
    if (!target || !target->is_root()) { return target; }
    findings_.report(diagnostics::kAliasToRoot, where.at, where.key);
    return {};
}

/// `steer` names services and policies.
void ServiceJoiner::check_name(const Service& service, const std::string& path) {
    if (service.name.empty()) {
        return findings_.report(diagnostics::kServiceWithoutName, service.position, path);
    }
    std::string which = "every zone has that policy";
    if (service.name != kBuiltInPolicy) {
        const auto twin = std::ranges::find(zone_.policies, service.name, &Policy::name);
        if (twin == zone_.policies.end()) { return; }
        which = "the policy is at " + line_of(zone_, twin->position, service.position);
    }
    findings_.report(diagnostics::kServiceNamedAsPolicy, service.position, path,
                     {quoted(service.name), which});
}

/// Reports `addresses."frankfurt, virginia"`; false for one name. `path` is that of the table.
bool ServiceJoiner::report_several_regions(const WrittenName& named, const std::string& path) {
    if (names_.is_region(named.name)) { return false; }
    const auto is_region = [&](const std::string& word) { return names_.is_region(word); };
    std::string keys;
    for (const std::string& region : several_in(named.name, ValueForm::OneWord, is_region)) {
        keys += (keys.empty() ? "" : " and ") + key_path(path.substr(path.rfind('.') + 1), region);
    }
    if (keys.empty()) { return false; }
    findings_.report(diagnostics::kSeveralRegionsInKey, named.at, key_path(path, named.name),
                     {keys});
    return true;
}

void ServiceJoiner::add_parts(const WrittenService& written, std::uint32_t file,
                              const std::string& path, Service& service) {
    if (written.parts.empty()) { return; }
    const Policy& policy = zone_.policies[service.policy];
    service.addresses.resize(zone_.regions.size());
    for (const WrittenPart& part : written.parts) {
        const auto region = region_of(part.region, file, path, policy);
        if (region) { service.addresses[*region] = part.addresses; }
    }
}

void ServiceJoiner::add_targets(const WrittenService& written, std::uint32_t file,
                                const std::string& path, Service& service) {
    if (written.targets.empty()) { return; }
    const Policy& policy = zone_.policies[service.policy];
    service.cnames.resize(zone_.regions.size());
    for (const WrittenTarget& target : written.targets) {
        const auto region = region_of(target.region, file, path, policy);
        if (!region) { continue; }
        const KeyPosition where{in_file(target.target.at, file),
                                key_path(path, target.region.name)};
        service.cnames[*region] = read_target(target.target.name, where);
    }
}

void ServiceJoiner::add_probes(const WrittenService& written, std::uint32_t file,
                               const std::string& path, Service& service) {
    if (written.probes.empty()) { return; }
    const Policy& policy = zone_.policies[service.policy];
    service.probes.resize(zone_.regions.size());
    for (const WrittenProbes& probes : written.probes) {
        const auto region = region_of(probes.region, file, path, policy);
        if (!region) { continue; }
        service.probes[*region] = probes.points;
        if (service.is_probed_only || is_part_of(zone_, service, *region)) { continue; }
        const std::string key = service.cnames.empty() ? "addresses" : "cname";
        findings_.report(diagnostics::kProbesWithoutRegion, in_file(probes.region.at, file),
                         key_path(path, probes.region.name),
                         {quoted(probes.region.name), key_path(key, probes.region.name)});
    }
}

/// The region of the policy that a key below `path` names; none after a diagnostic.
std::optional<std::size_t> ServiceJoiner::region_of(const WrittenName& written, std::uint32_t file,
                                                    const std::string& path, const Policy& policy) {
    const std::string key = key_path(path, written.name);
    const WrittenName named{written.name, in_file(written.at, file)};
    if (report_several_regions(named, path)) { return {}; }
    const auto region = names_.region(named, key, "service");
    if (!region) { return {}; }
    if (std::ranges::find(policy.regions, *region) != policy.regions.end()) { return region; }
    findings_.report(diagnostics::kServiceOutsidePolicy, named.at, key,
                     {quoted(named.name), key_path(key_path("policies", policy.name), "regions")});
    return {};
}

}  // namespace meridian::zones
