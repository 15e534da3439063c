// Checks that maintenance leaves every service a region.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/maintenance_checks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "meridian/date_time.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/service_families.h"

namespace meridian::zones {
namespace {

/// A window that begins or ends.
struct Turn {
    std::int64_t at = 0;
    bool begins = false;  ///< At one time ends come first: the next window may follow at once.
    std::size_t region = 0;
    const Window* window = nullptr;

    [[nodiscard]] std::tuple<std::int64_t, bool> order() const { return {at, begins}; }
};

std::vector<Turn> turns_of(const Zone& zone, const std::vector<std::size_t>& regions,
                           std::int64_t now) {
    std::vector<Turn> turns;
    for (const std::size_t region : regions) {
        for (const Window& window : zone.regions[region].maintenance) {
            if (window.until <= now) { continue; }
            turns.push_back({std::max(window.from, now), true, region, &window});
            turns.push_back({window.until, false, region, &window});
        }
    }
    std::ranges::stable_sort(turns, {}, &Turn::order);
    return turns;
}

/// The first window with which none of the regions is left, and when that is.
std::optional<Turn> last_taken(const Zone& zone, const std::vector<std::size_t>& regions,
                               std::int64_t now) {
    std::vector<std::size_t> windows(zone.regions.size());  // that hold, by region
    auto left = static_cast<std::size_t>(std::ranges::count_if(
        regions, [&](std::size_t region) { return !zone.regions[region].is_drained; }));
    if (left == 0) { return {}; }  // a warning says so
    for (const Turn& turn : turns_of(zone, regions, now)) {
        if (zone.regions[turn.region].is_drained) { continue; }
        std::size_t& held = windows[turn.region];
        if (!turn.begins) {
            if (--held == 0) { ++left; }
        } else if (held++ == 0 && --left == 0) {
            return turn;
        }
    }
    return {};
}

/// The regions of the service that have the family; none where its names have no such records.
std::vector<std::size_t> regions_of(const Zone& zone, const Service& service, Family family) {
    std::vector<std::size_t> regions;
    if (service.cnames.empty() && !service_has_family(zone, service, family)) { return regions; }
    for (const std::size_t region : zone.policies[service.policy].regions) {
        const bool has = !service.cnames.empty()
                             ? service.cnames[region].has_value()
                             : has_family(addresses_of(zone, service, region), family);
        if (has) { regions.push_back(region); }
    }
    return regions;
}

std::string first_names_of(const Zone& zone, const std::vector<std::size_t>& regions) {
    constexpr std::size_t kMost = 8;
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < std::min(kMost, regions.size()); ++i) {
        names.push_back(zone.regions[regions[i]].name);
    }
    return quoted_list(names) + (regions.size() > kMost ? " and others" : "");
}

}  // namespace

void check_maintenance(const Zone& zone, std::int64_t now, Findings& findings) {
    const bool has_any = std::ranges::any_of(
        zone.regions, [](const Region& region) { return !region.maintenance.empty(); });
    if (!has_any) { return; }
    std::set<std::vector<std::size_t>> seen;  // many services are in the same regions
    for (const Service& service : zone.services) {
        for (const Family family : {Family::V4, Family::V6}) {
            auto regions = regions_of(zone, service, family);
            if (regions.empty() || seen.contains(regions)) { continue; }
            if (const auto turn = last_taken(zone, regions, now)) {
                const std::string name =
                    service.name.empty() ? key_path("policies", zone.policies[service.policy].name)
                                         : key_path("services", service.name);
                const std::string where = !service.cnames.empty() ? ""
                                          : family == Family::V4  ? " over IPv4"
                                                                  : " over IPv6";
                findings.report(
                    diagnostics::kWindowTakesLast, turn->window->position,
                    key_path(key_path("regions", zone.regions[turn->region].name), "maintenance"),
                    {date_time_text(turn->at), name, where, first_names_of(zone, regions)});
            }
            seen.insert(std::move(regions));
        }
    }
}

}  // namespace meridian::zones
