// Says what a load changed of what is served.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/load_change.h"

#include <algorithm>
#include <utility>

namespace meridian::server {

LoadChange change_between(const LoadTimes& before, const LoadTimes& now) {
    // Of thousands of zones few change, so the others cost no more than a look.
    std::map<std::string, std::uint32_t> gone;
    for (const auto& [zone, since] : before) {
        if (!now.contains(zone)) { gone.emplace(zone.apex().to_text(), zone.serial()); }
    }
    LoadChange change;
    for (const auto& [zone, since] : now) {
        if (before.contains(zone)) { continue; }
        ZoneChange news{.name = zone.apex().to_text(), .serial = zone.serial()};
        const auto known = gone.extract(news.name);
        if (known.empty()) {
            change.added.push_back(std::move(news));
        } else {
            news.previous_serial = known.mapped();
            change.changed.push_back(std::move(news));
        }
    }
    for (auto& [name, serial] : gone) {
        change.removed.push_back({.name = name, .serial = serial});
    }
    std::ranges::sort(change.added, {}, &ZoneChange::name);
    std::ranges::sort(change.changed, {}, &ZoneChange::name);
    return change;
}

}  // namespace meridian::server
