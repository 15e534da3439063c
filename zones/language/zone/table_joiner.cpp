// Joins the tables of a zone file with those of the libraries that it uses.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/table_joiner.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "meridian/limits.h"
#include "zones/language/zone/service_joiner.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {
namespace {

/// Decides which file's table counts for each name.
class Chooser {
public:
    Chooser(std::span<const UsedLibrary> libraries, const Zone& zone, Findings& findings)
        : libraries_(libraries), zone_(zone), findings_(findings) {}

    /// Those of the libraries, in the order of `use`, each replaced by that of the zone where there
    /// is one; then the others of the zone. `tables_of` gives the tables of a file.
    template <typename Table>
    std::vector<FoundTable<Table>> choose(const std::vector<Table>& own,
                                          std::vector<Table> SharedTables::* tables_of,
                                          std::string_view kind) {
        std::map<std::string_view, const Table*> of_zone;
        for (const Table& table : own) {
            of_zone.emplace(table.name, &table);
        }
        std::vector<FoundTable<Table>> chosen;
        std::map<std::string_view, FoundTable<Table>> taken;
        for (const UsedLibrary& used : libraries_) {
            for (const Table& table : used.library->tables.*tables_of) {
                const auto replaced = of_zone.find(table.name);
                const FoundTable<Table> found = replaced == of_zone.end()
                                                    ? FoundTable<Table>{&table, used.file}
                                                    : FoundTable<Table>{replaced->second, 0};
                const auto [first, is_new] = taken.emplace(table.name, found);
                if (is_new) {
                    chosen.push_back(found);
                } else if (replaced == of_zone.end()) {
                    report_twice(key_path(kind, table.name), used,
                                 in_file(first->second.table->position, first->second.file),
                                 in_file(table.position, used.file));
                }
            }
        }
        for (const Table& table : own) {
            if (taken.emplace(table.name, FoundTable<Table>{&table, 0}).second) {
                chosen.push_back({&table, 0});
            }
        }
        return chosen;
    }

    /// That of `own`, or of the first library that has one. `position_of` gives its position.
    template <typename Table>
    FoundTable<Table> choose_one(const SharedTables& own,
                                 std::optional<Table> SharedTables::* table_of,
                                 TextPosition (*position_of)(const SharedTables&),
                                 const std::string& name) {
        if (own.*table_of) { return {&*(own.*table_of), 0}; }
        FoundTable<Table> chosen;
        TextPosition first;
        for (const UsedLibrary& used : libraries_) {
            const SharedTables& tables = used.library->tables;
            if (!(tables.*table_of)) { continue; }
            const TextPosition at = in_file(position_of(tables), used.file);
            if (chosen.table != nullptr) {
                report_twice(name, used, first, at);
                continue;
            }
            chosen = {&*(tables.*table_of), used.file};
            first = at;
        }
        return chosen;
    }

private:
    void report_twice(const std::string& table, const UsedLibrary& later, TextPosition first,
                      TextPosition second) {
        findings_.report(diagnostics::kDefinedByTwoLibraries, later.used_at, "use",
                         {"[" + table + "]", line_of(zone_, first, later.used_at),
                          line_of(zone_, second, later.used_at)});
    }

    std::span<const UsedLibrary> libraries_;
    const Zone& zone_;
    Findings& findings_;
};

/// Understands policies, whose positions are in one file.
class PolicyJoiner {
public:
    PolicyJoiner(std::uint32_t file, UnknownName unknown, Zone& zone, Findings& findings)
        : file_(file), zone_(zone), findings_(findings), names_(unknown, zone, findings) {}

    void join(const WrittenPolicy& written) {
        Policy policy;
        policy.name = written.name;
        policy.position = in_file(written.position, file_);
        const std::string path = key_path("policies", written.name);
        policy.regions = written.regions ? indices_of(*written.regions, key_path(path, "regions"))
                                         : all_regions(zone_);
        complete_default_order(written.default_order, path, policy);
        policy.max_addresses = written.max_addresses;
        policy.client_subnet = written.client_subnet;
        policy.min_regions = written.min_regions;
        policy.missing_family = written.missing_family;
        zone_.policies.push_back(std::move(policy));
    }

    [[nodiscard]] bool knew_all() const { return names_.knew_all(); }

private:
    /// The region that `name` means. None after a diagnostic: no such region, or one of `before`.
    std::optional<std::size_t> index_of(const WrittenName& name, const std::string& key,
                                        const std::vector<std::size_t>& before) {
        const auto region = names_.region({name.name, in_file(name.at, file_)}, key, "policy");
        if (!region || std::ranges::find(before, *region) == before.end()) { return region; }
        findings_.report(diagnostics::kRegionTwice, in_file(name.at, file_), key,
                         {quoted(name.name)});
        return {};
    }

    std::vector<std::size_t> indices_of(const std::vector<WrittenName>& names,
                                        const std::string& key) {
        std::vector<std::size_t> result;
        for (const WrittenName& name : names) {
            if (const auto index = index_of(name, key, result)) { result.push_back(*index); }
        }
        return result;
    }

    /// Takes the named regions first, then the others in the order of the policy.
    void complete_default_order(const std::vector<WrittenName>& names, const std::string& path,
                                Policy& policy) {
        std::vector<std::size_t>& order = policy.default_order;
        for (const WrittenName& name : names) {
            const auto region = index_of(name, key_path(path, "default"), order);
            if (!region) { continue; }
            if (std::ranges::find(policy.regions, *region) == policy.regions.end()) {
                findings_.report(diagnostics::kDefaultOutsidePolicy, in_file(name.at, file_),
                                 key_path(path, "default"),
                                 {quoted(name.name), key_path(path, "regions")});
                continue;
            }
            order.push_back(*region);
        }
        for (const std::size_t region : policy.regions) {
            if (std::ranges::find(order, region) == order.end()) { order.push_back(region); }
        }
    }

    std::uint32_t file_;
    Zone& zone_;
    Findings& findings_;
    TableNames names_;
};

/// Warns of two regions at one place: no client is nearer to one of them. Expects places that could
/// be read.
void warn_of_shared_places(const Zone& zone, Findings& findings) {
    std::map<std::pair<double, double>, const Region*> seen;
    for (const Region& region : zone.regions) {
        const auto [first, is_new] =
            seen.emplace(std::pair(region.at.latitude, region.at.longitude), &region);
        if (is_new) { continue; }
        findings.report(
            diagnostics::kSharedPlace, region.position, key_path("regions", region.name),
            {quoted(first->second->name), line_of(zone, first->second->position, region.position)});
    }
}

void join_services(std::span<const FoundTable<WrittenService>> services, Zone& zone,
                   Findings& findings) {
    ServiceJoiner joiner(UnknownName::IsAnError, zone, findings);
    for (const auto& [service, file] : services) {
        const TextPosition at = in_file(service->position, file);
        if (zone.services.size() == kMaxServices) {
            return findings.report(diagnostics::kTooManyServices, at,
                                   key_path("services", service->name),
                                   {std::to_string(kMaxServices)});
        }
        joiner.join(*service, file);
    }
    for (const auto& [service, file] : services) {
        joiner.join_dependencies(*service, file);
    }
}

}  // namespace

WrittenHealths join_tables(const SharedTables& own, std::span<const UsedLibrary> libraries,
                           Zone& zone, Findings& findings) {
    Chooser chooser(libraries, zone, findings);
    const auto ttls = chooser.choose_one(
        own, &SharedTables::ttls, [](const SharedTables& of) { return of.ttls_position; }, "ttl");
    if (ttls.table != nullptr) { zone.ttls = *ttls.table; }
    for (const auto& [region, file] :
         chooser.choose(own.regions, &SharedTables::regions, "regions")) {
        const TextPosition at = in_file(region->position, file);
        if (zone.regions.size() == kMaxRegions) {
            findings.report(diagnostics::kTooManyRegions, at, key_path("regions", region->name),
                            {std::to_string(kMaxRegions)});
            break;
        }
        zone.regions.push_back(*region);
        zone.regions.back().position = at;
        for (Window& window : zone.regions.back().maintenance) {
            window.position = in_file(window.position, file);
        }
    }
    if (findings.error_count() == 0) { warn_of_shared_places(zone, findings); }
    for (const auto& [policy, file] :
         chooser.choose(own.policies, &SharedTables::policies, "policies")) {
        const TextPosition at = in_file(policy->position, file);
        if (zone.policies.size() == kMaxPolicies) {
            findings.report(diagnostics::kTooManyPolicies, at, key_path("policies", policy->name),
                            {std::to_string(kMaxPolicies)});
            break;
        }
        join_policies({policy, 1}, file, UnknownName::IsAnError, zone, findings);
    }
    WrittenHealths healths;
    healths.of_zone = chooser.choose_one(
        own, &SharedTables::health, [](const SharedTables& of) { return of.health->position; },
        "health");
    healths.services = chooser.choose(own.services, &SharedTables::services, "services");
    join_services(healths.services, zone, findings);
    return healths;
}

bool join_policies(std::span<const WrittenPolicy> policies, std::uint32_t file, UnknownName unknown,
                   Zone& zone, Findings& findings) {
    PolicyJoiner joiner(file, unknown, zone, findings);
    for (const WrittenPolicy& policy : policies) {
        joiner.join(policy);
    }
    return joiner.knew_all();
}

}  // namespace meridian::zones
