// Says in lines what a load changed.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <string_view>

#include "server/commands/command_texts.h"
#include "server/commands/report.h"

namespace meridian::server {

namespace {

constexpr std::size_t kMostNamed = 10;  // of a kind; a library may change thousands of zones

std::string serial_text(const ZoneChange& zone, std::string_view verb) {
    if (verb == "removed") { return "its serial was " + std::to_string(zone.serial); }
    std::string text = "serial " + std::to_string(zone.serial);
    if (verb == "changed") {
        text += zone.serial == zone.previous_serial
                    ? ", as before"
                    : ", was " + std::to_string(zone.previous_serial);
    }
    return text;
}

void append_zones(const std::vector<ZoneChange>& zones, std::string_view verb,
                  std::vector<std::string>& lines) {
    const std::size_t named = std::min(zones.size(), kMostNamed);
    for (std::size_t i = 0; i < named; ++i) {
        lines.push_back(std::string(verb) + ' ' + zones[i].name + " (" +
                        serial_text(zones[i], verb) + ')');
    }
    if (named < zones.size()) {
        lines.push_back(std::string(verb) + ' ' + count_text(zones.size() - named, "zone") +
                        " more; --json names all");
    }
}

}  // namespace

std::vector<std::string> change_lines(const LoadChange& change) {
    std::vector<std::string> lines;
    append_zones(change.added, "added", lines);
    append_zones(change.changed, "changed", lines);
    append_zones(change.removed, "removed", lines);
    if (const auto& database = change.database) {
        lines.push_back("geo database " + database->type + " of " +
                        date_text(database->build_epoch) + ", was " + database->previous_type +
                        " of " + date_text(database->previous_build_epoch));
    }
    return lines;
}

std::string restart_text(const std::vector<std::string>& keys) {
    std::string text;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (i > 0) { text += i + 1 == keys.size() ? " and " : ", "; }
        text += keys[i];
    }
    if (keys.empty()) { return {}; }
    return text + (keys.size() == 1 ? " has" : " have") +
           " changed; the server needs a restart for " + (keys.size() == 1 ? "it" : "them");
}

}  // namespace meridian::server
