// Chooses the zones that a status is to tell of.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/zone_filter.h"

#include <fnmatch.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "server/control/json_fields.h"

namespace meridian::server {

namespace {

std::string without_final_dot(std::string name) {
    if (name.size() > 1 && name.ends_with('.')) { name.pop_back(); }
    return name;
}

bool matches(const std::string& pattern, const std::string& zone) {
    const std::string name = without_final_dot(zone);
    // A backslash is part of a name (RFC 1035 §5.1).
    return fnmatch(pattern.c_str(), name.c_str(), FNM_CASEFOLD | FNM_NOESCAPE) == 0;
}

bool matches_any(const std::vector<std::string>& patterns, const std::string& zone) {
    return std::ranges::any_of(patterns,
                               [&](const std::string& pattern) { return matches(pattern, zone); });
}

}  // namespace

ZoneFilter::ZoneFilter(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {
    for (std::string& pattern : patterns_) {
        pattern = without_final_dot(std::move(pattern));
    }
}

void ZoneFilter::apply(ServerStatus& status) const {
    if (patterns_.empty()) { return; }
    std::erase_if(status.load.zones,
                  [&](const ZoneStatus& zone) { return !matches_any(patterns_, zone.name); });
    status.load.files_with_errors.clear();
}

void ZoneFilter::apply(boost::json::object& status) const {
    if (patterns_.empty()) { return; }
    boost::json::array zones;
    for (const boost::json::value& zone : array_in(status, "zones")) {
        if (!zone.is_object() || !matches_any(patterns_, text_in(zone.get_object(), "name"))) {
            continue;
        }
        zones.push_back(zone);
    }
    status["zones"] = std::move(zones);
    status["files_with_errors"] = boost::json::array();
}

std::vector<std::string> ZoneFilter::without_zone(const ServerStatus& status) const {
    std::vector<std::string> missing;
    for (const std::string& pattern : patterns_) {
        const bool is_there = std::ranges::any_of(
            status.load.zones, [&](const ZoneStatus& zone) { return matches(pattern, zone.name); });
        if (!is_there) { missing.push_back(pattern); }
    }
    return missing;
}

}  // namespace meridian::server
