// Says what a change of the overrides would do, before it is made.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/override_preview.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"
#include "server/health/health_status.h"

namespace meridian::server {
namespace {

using zones::LiveChange;
using zones::Rung;

constexpr std::size_t kMostNamed = 8;
constexpr std::size_t kMostCounted = 4;  // of their shares: each takes some 0.1 s
constexpr std::size_t kFamilyCount = 2;

void add_once(std::vector<std::string>& texts, std::string_view text) {
    if (std::ranges::find(texts, text) == texts.end()) { texts.emplace_back(text); }
}

class Previewer {
public:
    Previewer(const OverrideChange& change, const OverrideTarget& target)
        : change_(change), target_(target) {}

    OverridePreview run() {
        for (const PlannedService& service : change_.plan.services()) {
            before_.push_back(changes(service, change_.before, before_));
            after_.push_back(changes(service, change_.after, after_));
            add(service, before_.back(), after_.back());
        }
        for (const zones::ServiceInfo& info : change_.plan.unchecked()) {
            const bool is_hit = std::ranges::any_of(info.regions, [&](const auto& region) {
                return region->has_answers() && matches(target_, info.name, *region);
            });
            if (!is_hit) { continue; }
            const PlannedService service = unchecked_service(info);
            add(service, changes(service, change_.before, {}), changes(service, change_.after, {}));
        }
        OverridePreview result{.stranded = std::move(stranded_),
                               .dependents = std::move(dependents_),
                               .dependent_count = dependent_count_};
        tables_.before = change_.plan.all_up()->with(rows_before_);
        tables_.after = change_.plan.all_up()->with(rows_after_);
        result.tables = std::move(tables_);
        for (auto& [key, hit] : hits_) {
            result.regions.push_back(std::move(hit));
        }
        return result;
    }

private:
    using Key = std::pair<std::string, std::string>;  // region and file

    /// `decided` has those that it depends on.
    [[nodiscard]] std::vector<LiveChange> changes(const PlannedService& service,
                                                  const std::vector<Override>& overrides,
                                                  const DecidedServices& decided) const {
        const auto depends = dependencies_of(service, change_.plan.services(), decided);
        std::vector<LiveChange> changes;
        append_changes(service, hand_states_of(overrides, service), depends, change_.states,
                       changes);
        return changes;
    }

    /// Also of a service that is not hit: one that it depends on may be.
    void add(const PlannedService& service, const std::vector<LiveChange>& before,
             const std::vector<LiveChange>& after) {
        const bool is_hit = std::ranges::any_of(service.regions, [&](const PlannedRegion& region) {
            return matches(target_, service.name, *region.region);
        });
        if (is_hit || !service.depends.empty()) {
            rows_before_.insert(rows_before_.end(), before.begin(), before.end());
            rows_after_.insert(rows_after_.end(), after.begin(), after.end());
        }
        if (is_hit) { count_shares_of(service); }
        if (!is_hit) { add_dependent(service, before, after); }
        for (std::size_t i = 0; i < service.regions.size(); ++i) {
            if (matches(target_, service.name, *service.regions[i].region)) {
                add_hit(service, service.regions[i], before[i], after[i]);
            }
        }
        for (std::size_t family = 0; family < kFamilyCount; ++family) {
            if (!has_any_up(service, before, family) || has_any_up(service, after, family)) {
                continue;
            }
            const bool is_of_names = service.regions.front().region->target.has_value();
            const std::string which = " (" + std::string(family_name(family)) + ")";
            add_once(stranded_, service.name + (is_of_names ? "" : which));
        }
    }

    void count_shares_of(const PlannedService& service) {
        tables_.cells.push_back(service.regions.front().cell);
        // With another TTL it is the same.
        if (!known_.emplace(service.name, service.regions.front().region.get()).second) { return; }
        if (++tables_.service_count > kMostCounted) { return; }
        tables_.services.push_back({service.name, service.regions.front().cell});
    }

    void add_dependent(const PlannedService& service, const std::vector<LiveChange>& before,
                       const std::vector<LiveChange>& after) {
        for (std::size_t i = 0; i < service.regions.size(); ++i) {
            if (before[i].rungs == after[i].rungs) { continue; }
            const zones::Region& region = *service.regions[i].region;
            if (!gone_.emplace(service.name, region.name, region.file).second) { continue; }
            if (++dependent_count_ > kMostNamed) { continue; }
            const std::size_t family = before[i].rungs[0] == after[i].rungs[0] ? 1 : 0;
            dependents_.push_back(service.name + " in " + region.name + " (" +
                                  std::string(to_text(after[i].rungs.at(family))) + ")");
        }
    }

    static bool has_any_up(const PlannedService& service, const std::vector<LiveChange>& changes,
                           std::size_t family) {
        for (std::size_t i = 0; i < changes.size(); ++i) {
            const bool has_family = !service.regions[i].targets.at(family).empty();
            if (has_family && changes[i].rungs.at(family) < Rung::Drained) { return true; }
        }
        return false;
    }

    void add_hit(const PlannedService& service, const PlannedRegion& region,
                 const LiveChange& before, const LiveChange& after) {
        HitRegion& hit = hits_[{region.region->name, region.region->file}];
        hit.region = region.region->name;
        hit.file = region.region->file;
        hit.is_drained_in_file = region.region->is_drained;
        if (services_[{hit.region, hit.file}].insert(service.name).second) {
            ++hit.service_count;
            if (hit.services.size() < kMostNamed) { hit.services.push_back(service.name); }
        }
        for (std::size_t family = 0; family < kFamilyCount; ++family) {
            if (region.targets.at(family).empty()) { continue; }
            add_once(hit.before, to_text(before.rungs.at(family)));
            add_once(hit.after, to_text(after.rungs.at(family)));
        }
    }

    const OverrideChange& change_;
    const OverrideTarget& target_;
    std::map<Key, HitRegion> hits_;
    std::map<Key, std::set<std::string>> services_;
    std::vector<std::string> stranded_;
    std::vector<std::string> dependents_;
    std::uint64_t dependent_count_ = 0;
    std::set<std::tuple<std::string, std::string, std::string>> gone_;  // dependents, with file
    std::set<std::pair<std::string, const zones::Region*>> known_;      // services with a region
    DecidedServices before_;
    DecidedServices after_;
    std::vector<LiveChange> rows_before_;  // of those that may change
    std::vector<LiveChange> rows_after_;
    HitTables tables_;
};

/// Each region of each service, until `visit` returns true; whether it did.
bool any_region(const HealthPlan& plan,
                const std::function<bool(const std::string&, const zones::Region&)>& visit) {
    for (const PlannedService& service : plan.services()) {
        for (const PlannedRegion& region : service.regions) {
            if (visit(service.name, *region.region)) { return true; }
        }
    }
    for (const zones::ServiceInfo& info : plan.unchecked()) {
        for (const auto& region : info.regions) {
            if (region->has_answers() && visit(info.name, *region)) { return true; }
        }
    }
    return false;
}

/// `what` is "region", `label` "regions".
std::string nothing_called(std::string_view what, std::string_view label, std::string_view name,
                           const std::set<std::string>& all) {
    const std::vector<std::string_view> names(all.begin(), all.end());
    return "no " + std::string(what) + " is called " + zones::quoted(name) + "; " +
           zones::spelling_hint(name, label, names);
}

}  // namespace

OverridePreview preview(const OverrideChange& change, const OverrideTarget& target) {
    return Previewer(change, target).run();
}

bool is_about_anything(const HealthPlan& plan, const OverrideTarget& target) {
    return any_region(plan, [&](const std::string& service, const zones::Region& region) {
        return matches(target, service, region);
    });
}

std::string nothing_matches(const HealthPlan& plan, const OverrideTarget& target) {
    std::set<std::string> regions;
    std::set<std::string> services;  // of the region
    std::set<std::string> addresses;
    std::set<std::string> files;
    any_region(plan, [&](const std::string& service, const zones::Region& region) {
        regions.insert(region.name);
        if (!matches(target.region, region.name)) { return false; }
        services.insert(service);
        files.insert(region.file);
        if (!matches(target.service, service)) { return false; }
        for (const IpAddress& address : region.addresses) {
            addresses.insert(address.to_string());
        }
        return false;
    });
    const auto has = [](const std::set<std::string>& all, const std::string& pattern) {
        return std::ranges::any_of(all, [&](const auto& name) { return matches(pattern, name); });
    };
    if (!has(regions, target.region)) {
        return nothing_called("region", "regions", target.region, regions);
    }
    if (!has(services, target.service)) {
        return nothing_called("service there", "services", target.service, services);
    }
    if (target.is_one_address() && !has(addresses, target.address)) {
        return nothing_called("address there", "addresses", target.address, addresses);
    }
    if (target.file.empty()) { return "nothing that is served is " + to_text(target); }
    return nothing_called("file with that region", "files", target.file, files);
}

}  // namespace meridian::server
