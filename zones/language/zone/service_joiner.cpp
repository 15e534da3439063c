// Understands services in terms of the regions and policies of a zone.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/service_joiner.h"

#include <algorithm>
#include <utility>

#include "zones/language/text/several_values.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {

void ServiceJoiner::join(const WrittenService& written, std::uint32_t file) {
    const std::string path = key_path("services", written.name);
    Service service{.name = written.name,
                    .ttl_seconds = written.ttl_seconds,
                    .position = in_file(written.position, file)};
    check_name(service, path);
    const WrittenName named{written.policy.name, in_file(written.policy.at, file)};
    const auto policy = names_.policy(named, key_path(path, "policy"), "service");
    // With an error the service stays, so that a name that asks for it is not reported as well.
    service.policy = policy ? *policy : *find_policy(kBuiltInPolicy, service.position, zone_);
    if (policy) { add_parts(written, file, key_path(path, "addresses"), service); }
    zone_.services.push_back(std::move(service));
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

/// Reports `addresses."frankfurt, virginia"`; false for one name.
bool ServiceJoiner::report_several_regions(const WrittenName& named, const std::string& key) {
    if (names_.is_region(named.name)) { return false; }
    const auto is_region = [&](const std::string& word) { return names_.is_region(word); };
    std::string keys;
    for (const std::string& region : several_in(named.name, ValueForm::OneWord, is_region)) {
        keys += (keys.empty() ? "" : " and ") + key_path("addresses", region);
    }
    if (keys.empty()) { return false; }
    findings_.report(diagnostics::kSeveralRegionsInKey, named.at, key, {keys});
    return true;
}

void ServiceJoiner::add_parts(const WrittenService& written, std::uint32_t file,
                              const std::string& path, Service& service) {
    if (written.parts.empty()) { return; }
    const Policy& policy = zone_.policies[service.policy];
    service.addresses.resize(zone_.regions.size());
    for (const WrittenPart& part : written.parts) {
        const std::string key = key_path(path, part.region.name);
        const WrittenName named{part.region.name, in_file(part.region.at, file)};
        if (report_several_regions(named, key)) { continue; }
        const auto region = names_.region(named, key, "service");
        if (!region) { continue; }
        if (std::ranges::find(policy.regions, *region) == policy.regions.end()) {
            findings_.report(
                diagnostics::kServiceOutsidePolicy, named.at, key,
                {quoted(named.name), key_path(key_path("policies", policy.name), "regions")});
            continue;
        }
        service.addresses[*region] = part.addresses;
    }
}

}  // namespace meridian::zones
