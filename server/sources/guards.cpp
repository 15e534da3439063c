// Holds back changes that look like an accident, because they remove too much.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/guards.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "server/sources/source_diagnostics.h"

namespace meridian::server {

namespace {

constexpr std::size_t kFewZones = 4;  // below that one zone is a large share
constexpr std::size_t kMostLostPercent = 30;
constexpr std::size_t kNamesShown = 3;

bool is_too_much(std::size_t lost, std::size_t all) {
    return lost == all || (all >= kFewZones && lost * 100 > all * kMostLostPercent);
}

std::string names_of(const std::vector<const ZoneSummary*>& zones) {
    std::string names;
    for (std::size_t i = 0; i < std::min(zones.size(), kNamesShown); ++i) {
        names += (i == 0 ? "" : ", ") + zones[i]->apex.to_text();
    }
    return names + (zones.size() > kNamesShown ? ", ..." : "");
}

zones::Diagnostic report_lost(const std::vector<const ZoneSummary*>& lost, std::size_t all,
                              bool is_none_left, const std::string& directory) {
    const std::string count = std::to_string(lost.size());
    if (is_none_left) {
        return zones::diagnostic_of(diagnostics::kHeldAllZones, directory, {}, {},
                                    {count, names_of(lost)});
    }
    return zones::diagnostic_of(diagnostics::kHeldZones, directory, {}, {},
                                {count, std::to_string(all), names_of(lost)});
}

std::string date_of(std::uint64_t unix_seconds) {
    if (unix_seconds == 0) { return "an unknown date"; }
    const auto time = static_cast<std::time_t>(unix_seconds);
    std::tm parts{};
    std::array<char, 32> text{};
    if (gmtime_r(&time, &parts) == nullptr) { return "an unknown date"; }
    std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts);
    return text.data();
}

}  // namespace

ZoneSummary summary_of(const zones::Zone& zone) {
    ZoneSummary summary{zone.apex, zone.file, 0, zone.regions.size(), zone.signed_at.has_value()};
    for (const zones::Owner& owner : zone.owners) {
        const bool is_nameserver =
            std::ranges::find(zone.nameservers, owner.name) != zone.nameservers.end();
        if (!is_nameserver) { summary.records += owner.sets.size() + (owner.steer ? 1 : 0); }
    }
    return summary;
}

Losses find_losses(const std::vector<ZoneSummary>& before, const std::vector<ZoneSummary>& after,
                   const std::string& directory, std::size_t same) {
    const std::size_t all = before.size() + same;
    std::map<dns::Name, const ZoneSummary*> left;
    for (const ZoneSummary& zone : after) {
        left.emplace(zone.apex, &zone);
    }
    Losses losses;
    std::set<std::string> files;
    std::vector<const ZoneSummary*> lost;
    for (const ZoneSummary& zone : before) {
        const auto found = left.find(zone.apex);
        if (found == left.end()) {
            lost.push_back(&zone);
            continue;
        }
        const ZoneSummary& now = *found->second;
        const bool no_records = zone.records > 0 && now.records == 0;
        if (!no_records && !(zone.regions > 0 && now.regions == 0)) { continue; }
        files.insert(zone.file);
        losses.diagnostics.push_back(
            zones::diagnostic_of(diagnostics::kHeldZone, now.file, {}, {},
                                 {no_records ? "records" : "regions", zone.apex.to_text()}));
    }
    if (!lost.empty() && is_too_much(lost.size(), all)) {
        for (const ZoneSummary* zone : lost) {
            files.insert(zone->file);
        }
        losses.diagnostics.push_back(report_lost(lost, all, after.empty() && same == 0, directory));
    }
    losses.files.assign(files.begin(), files.end());
    return losses;
}

std::string why_held_back(const geo::AtlasInfo& before, const geo::AtlasInfo& after) {
    if (after.build_epoch < before.build_epoch) {
        return "it is older than the one that is served";
    }
    struct Count {
        std::uint64_t before = 0;
        std::uint64_t after = 0;
        std::string_view of_what;
    };
    // Each family on its own: a file of the wrong family may have as many networks.
    for (const Count& count :
         {Count{before.v4_networks, after.v4_networks, "IPv4 networks"},
          Count{before.v6_networks, after.v6_networks, "IPv6 networks"},
          Count{before.v4_placed, after.v4_placed, "IPv4 networks with coordinates"},
          Count{before.v6_placed, after.v6_placed, "IPv6 networks with coordinates"}}) {
        if (count.after * 2 >= count.before) { continue; }
        return "it has " + std::to_string(count.after) + ' ' + std::string(count.of_what) +
               ", the one that is served " + std::to_string(count.before);
    }
    return {};
}

std::string describe(const geo::AtlasInfo& info) {
    const std::uint64_t placed = info.v4_placed + info.v6_placed;
    const bool are_all_placed = placed == info.v4_networks + info.v6_networks;
    return info.type + " of " + date_of(info.build_epoch) + " (" +
           std::to_string(info.v4_networks) + " IPv4 networks, " +
           std::to_string(info.v6_networks) + " IPv6 networks, " +
           (placed == 0      ? "no coordinates"
            : are_all_placed ? "all with coordinates"
                             : std::to_string(placed) + " with coordinates") +
           ")";
}

std::vector<std::string> shortcomings_of(const geo::AtlasInfo& info) {
    std::vector<std::string> sentences;
    const auto lacks = [&](std::uint64_t networks, const std::string& family) {
        if (networks > 0) { return; }
        sentences.push_back("it has no " + family + " networks, so clients with " + family +
                            " get the default order of each policy: name a database of that "
                            "family as well (geo.database takes several)");
    };
    lacks(info.v4_networks, "IPv4");
    lacks(info.v6_networks, "IPv6");
    if (info.unread_records > 0) {
        sentences.push_back(std::to_string(info.unread_records) +
                            " of its records have coordinates or a country in a form that is not "
                            "read");
    }
    return sentences;
}

}  // namespace meridian::server
