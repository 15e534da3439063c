// Reduces a status to chosen zones.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/zone_filter.h"

#include <fnmatch.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

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

/// The part of what is held back that concerns zones with these errors, or the database, which
/// concerns all zones.
std::string held_back_of(const std::string& held_back, const std::string& database_error,
                         const std::vector<std::string>& errors) {
    std::string text;
    const auto add = [&](const std::string& part) {
        const bool is_new = !part.empty() && text.find(part) == std::string::npos;
        if (is_new && held_back.find(part) != std::string::npos) {
            text += (text.empty() ? "" : "; ") + part;
        }
    };
    add(database_error);
    std::ranges::for_each(errors, add);
    return text;
}

/// Whether a problem in words begins with one of the files `others`, at which it lies.
bool lies_in(const std::set<std::string>& others, std::string_view problem) {
    return std::ranges::any_of(others, [&](const std::string& file) {
        return problem.starts_with(file) && problem.substr(file.size()).starts_with(": ");
    });
}

/// What does not stand in one of the files `others`.
boost::json::array those_elsewhere_left_out(const boost::json::array& all,
                                            const std::set<std::string>& others) {
    boost::json::array kept;
    for (const boost::json::value& each : all) {
        const bool is_elsewhere =
            each.is_object() && others.contains(text_in(each.get_object(), "file"));
        if (!is_elsewhere) { kept.push_back(each); }
    }
    return kept;
}

/// Of the health those of other zones' files.
void leave_out_regions(boost::json::object& status, const boost::json::array& chosen) {
    boost::json::object health = object_in(status, "health");
    if (health.empty()) { return; }
    std::set<std::string> others;
    for (const boost::json::value& zone : array_in(status, "zones")) {
        if (zone.is_object()) { others.insert(text_in(zone.get_object(), "file")); }
    }
    for (const boost::json::value& zone : chosen) {
        others.erase(text_in(zone.get_object(), "file"));
    }
    for (const char* list : {"regions", "alarms"}) {
        health[list] = those_elsewhere_left_out(array_in(health, list), others);
    }
    for (const char* list : {"problems", "warnings"}) {
        boost::json::array& texts = health[list].emplace_array();
        for (std::string& text : texts_in(object_in(status, "health"), list)) {
            if (!lies_in(others, text)) { texts.emplace_back(std::move(text)); }
        }
    }
    status["health"] = std::move(health);
}

}  // namespace

ZoneFilter::ZoneFilter(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {
    for (std::string& pattern : patterns_) {
        pattern = without_final_dot(std::move(pattern));
    }
}

void ZoneFilter::apply(ServerStatus& status) const {
    if (patterns_.empty()) { return; }
    LoadStatus& load = status.load;
    std::set<std::string> others;  // files of zones that are left out
    for (const ZoneStatus& zone : load.zones) {
        if (!matches_any(patterns_, zone.name)) { others.insert(zone.file); }
    }
    for (const ZoneStatus& zone : load.zones) {
        if (matches_any(patterns_, zone.name)) { others.erase(zone.file); }
    }
    // Regions of libraries stay: they may be those of the chosen zones.
    std::erase_if(status.health.regions,
                  [&](const RegionHealth& region) { return others.contains(region.file); });
    std::erase_if(status.health.alarms,
                  [&](const ServiceAlarm& alarm) { return others.contains(alarm.file); });
    for (auto* texts : {&status.health.problems, &status.health.warnings}) {
        std::erase_if(*texts, [&](const std::string& text) { return lies_in(others, text); });
    }
    const bool has_errors =
        !load.files_with_errors.empty() ||
        std::ranges::any_of(load.zones, [](const ZoneStatus& zone) { return !zone.error.empty(); });
    std::erase_if(load.zones,
                  [&](const ZoneStatus& zone) { return !matches_any(patterns_, zone.name); });
    std::vector<std::string> errors;
    for (const ZoneStatus& zone : load.zones) {
        errors.push_back(zone.error);
    }
    std::erase_if(load.files_with_errors, [&](const FileStatus& file) {
        return std::ranges::find(errors, file.error) == errors.end();
    });
    load.held_back = held_back_of(load.held_back, load.database.error, errors);
    load.failure_is_elsewhere =
        has_failed(load) && has_errors && std::ranges::all_of(errors, &std::string::empty);
}

void ZoneFilter::apply(boost::json::object& status) const {
    if (patterns_.empty()) { return; }
    boost::json::array zones;
    std::vector<std::string> reasons;
    for (const boost::json::value& zone : array_in(status, "zones")) {
        if (!zone.is_object() || !matches_any(patterns_, text_in(zone.get_object(), "name"))) {
            continue;
        }
        zones.push_back(zone);
        reasons.push_back(text_in(zone.get_object(), "error"));
    }
    leave_out_regions(status, zones);
    status["zones"] = std::move(zones);
    boost::json::array files;
    for (const boost::json::value& file : array_in(status, "files_with_errors")) {
        const std::string error =
            file.is_object() ? text_in(file.get_object(), "error") : std::string();
        if (!error.empty() && std::ranges::find(reasons, error) != reasons.end()) {
            files.push_back(file);
        }
    }
    status["files_with_errors"] = std::move(files);
    status["held"] = text_or_null(held_back_of(
        text_in(status, "held"), text_in(object_in(status, "database"), "error"), reasons));
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
