// Writes and reads what loads changed as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/change_json.h"

#include <boost/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "server/control/json_fields.h"

namespace meridian::server {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

array zones_json(const std::vector<ZoneChange>& zones, bool with_previous) {
    array entries;
    for (const ZoneChange& zone : zones) {
        object entry{{"name", zone.name}, {"serial", zone.serial}};
        if (with_previous) { entry["previous_serial"] = zone.previous_serial; }
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::vector<ZoneChange> zones_from_json(const object& change, std::string_view key) {
    std::vector<ZoneChange> zones;
    for (const value& entry : array_in(change, key)) {
        if (!entry.is_object()) { continue; }
        const object& zone = entry.get_object();
        zones.push_back({.name = text_in(zone, "name"),
                         .serial = number_in<std::uint32_t>(zone, "serial"),
                         .previous_serial = number_in<std::uint32_t>(zone, "previous_serial")});
    }
    return zones;
}

value database_json(const std::optional<DatabaseChange>& database) {
    if (!database) { return nullptr; }
    return object{{"type", database->type},
                  {"build_epoch", database->build_epoch},
                  {"previous_type", database->previous_type},
                  {"previous_build_epoch", database->previous_build_epoch}};
}

}  // namespace

object change_json(const LoadChange& change) {
    return {{"added", zones_json(change.added, false)},
            {"changed", zones_json(change.changed, true)},
            {"removed", zones_json(change.removed, false)},
            {"database", database_json(change.database)}};
}

LoadChange change_from_json(const object& object) {
    LoadChange change{.added = zones_from_json(object, "added"),
                      .changed = zones_from_json(object, "changed"),
                      .removed = zones_from_json(object, "removed")};
    const boost::json::object database = object_in(object, "database");
    if (!database.empty()) {
        change.database = DatabaseChange{
            .type = text_in(database, "type"),
            .build_epoch = number_in<std::uint64_t>(database, "build_epoch"),
            .previous_type = text_in(database, "previous_type"),
            .previous_build_epoch = number_in<std::uint64_t>(database, "previous_build_epoch")};
    }
    return change;
}

value last_change_json(const std::optional<LastChange>& change) {
    if (!change) { return nullptr; }
    object result{{"at", change->at}, {"generation", change->generation}};
    for (auto& member : change_json(change->what)) {
        result.emplace(member.key(), std::move(member.value()));
    }
    return result;
}

std::optional<LastChange> last_change_from_json(const object& object) {
    if (object.empty()) { return {}; }
    return LastChange{.at = number_in<std::int64_t>(object, "at"),
                      .generation = number_in<std::uint64_t>(object, "generation"),
                      .what = change_from_json(object)};
}

}  // namespace meridian::server
