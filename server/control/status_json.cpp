// Writes and reads how a server is as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/status_json.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "meridian/dns/types.h"
#include "server/control/change_json.h"
#include "server/control/health_json.h"
#include "server/control/json_fields.h"

namespace meridian::server {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

std::string code_text(std::size_t code) {
    return dns::rcode_to_text(static_cast<dns::Rcode>(code));
}

/// Its mnemonic is one of ours: others are not sent today.
bool has_name(std::size_t code) {
    return !code_text(code).starts_with("RCODE");
}

std::string_view from_text(ServedFrom from) {
    return from == ServedFrom::File ? "file" : "last-good";
}

ServedFrom from_in(const object& from) {
    return text_in(from, "from") == "last-good" ? ServedFrom::LastGood : ServedFrom::File;
}

/// No age is below 0, be the clock set back.
value age_or_null(std::int64_t now, std::int64_t then) {
    if (then == 0) { return nullptr; }
    return std::max<std::int64_t>(0, now - then);
}

value time_or_null(std::int64_t when) {
    if (when == 0) { return nullptr; }
    return when;
}

object zone_json(const ZoneStatus& zone, std::int64_t now) {
    return {{"name", zone.name},
            {"serial", zone.serial},
            {"file", zone.file},
            {"loaded", time_or_null(zone.loaded)},
            {"age", age_or_null(now, zone.loaded)},
            {"modified", time_or_null(zone.modified)},
            {"from", from_text(zone.from)},
            {"error", text_or_null(zone.error)},
            {"warning", text_or_null(zone.warning)}};
}

ZoneStatus zone_from_json(const object& zone) {
    return {.name = text_in(zone, "name"),
            .serial = number_in<std::uint32_t>(zone, "serial"),
            .file = text_in(zone, "file"),
            .loaded = number_in<std::int64_t>(zone, "loaded"),
            .modified = number_in<std::int64_t>(zone, "modified"),
            .error = text_in(zone, "error"),
            .warning = text_in(zone, "warning"),
            .from = from_in(zone)};
}

value last_reload_json(const std::optional<LastReload>& reload) {
    if (!reload) { return nullptr; }
    return object{{"at", reload->at},
                  {"milliseconds", reload->milliseconds},
                  {"result", to_text(reload->result)}};
}

std::optional<LastReload> last_reload_from_json(const object& reload) {
    const auto result = reload_result_from_text(text_in(reload, "result"));
    if (!result) { return {}; }
    return LastReload{.at = number_in<std::int64_t>(reload, "at"),
                      .milliseconds = number_in<std::int64_t>(reload, "milliseconds"),
                      .result = *result};
}

object counts_json(const QueryCounts& counts) {
    object by_rcode;
    for (std::size_t code = 0; code < counts.by_rcode.size(); ++code) {
        if (counts.by_rcode[code] == 0 && !has_name(code)) { continue; }
        by_rcode[code_text(code)] = counts.by_rcode[code];
    }
    return {{"received", counts.received()},
            {"answered", counts.answered()},
            {"dropped", counts.dropped},
            {"truncated", counts.truncated},
            {"by_rcode", std::move(by_rcode)}};
}

QueryCounts counts_from_json(const object& counts) {
    QueryCounts result;
    result.dropped = number_in<std::uint64_t>(counts, "dropped");
    result.truncated = number_in<std::uint64_t>(counts, "truncated");
    const object by_rcode = object_in(counts, "by_rcode");
    for (std::size_t code = 0; code < result.by_rcode.size(); ++code) {
        result.by_rcode[code] = number_in<std::uint64_t>(by_rcode, code_text(code));
    }
    return result;
}

object queries_json(const TransportCounts& queries) {
    QueryCounts all = queries.udp;
    all += queries.tcp;
    object result = counts_json(all);
    result["by_transport"] =
        object{{"udp", counts_json(queries.udp)}, {"tcp", counts_json(queries.tcp)}};
    return result;
}

object transports_json(const TransportCounts& counts) {
    return {{"udp", object{{"received", counts.datagrams.received},
                           {"sent", counts.datagrams.sent},
                           {"dropped", counts.datagrams.dropped},
                           {"system_calls", counts.datagrams.system_calls}}},
            {"tcp", object{{"accepted", counts.connections.accepted},
                           {"refused", counts.connections.refused},
                           {"queries", counts.connections.queries},
                           {"open", counts.connections.open}}}};
}

array answers_json(const AnswersByRegion& answers) {
    array rows;
    for (const auto& [counted, count] : answers) {
        rows.push_back(object{{"service", counted.service},
                              {"region", counted.region},
                              {"file", counted.file},
                              {"answers", count}});
    }
    return rows;
}

AnswersByRegion answers_from_json(const array& rows) {
    AnswersByRegion answers;
    for (const value& row : rows) {
        const object counted = row.is_object() ? row.get_object() : object();
        answers[{text_in(counted, "service"), text_in(counted, "region"),
                 text_in(counted, "file")}] = number_in<std::uint64_t>(counted, "answers");
    }
    return answers;
}

TransportCounts counts_from_status(const object& status) {
    const object by_transport = object_in(object_in(status, "queries"), "by_transport");
    const object transports = object_in(status, "transports");
    const object udp = object_in(transports, "udp");
    const object tcp = object_in(transports, "tcp");
    return {.udp = counts_from_json(object_in(by_transport, "udp")),
            .tcp = counts_from_json(object_in(by_transport, "tcp")),
            .datagrams = {.received = number_in<std::uint64_t>(udp, "received"),
                          .sent = number_in<std::uint64_t>(udp, "sent"),
                          .dropped = number_in<std::uint64_t>(udp, "dropped"),
                          .system_calls = number_in<std::uint64_t>(udp, "system_calls")},
            .connections = {.accepted = number_in<std::uint64_t>(tcp, "accepted"),
                            .refused = number_in<std::uint64_t>(tcp, "refused"),
                            .queries = number_in<std::uint64_t>(tcp, "queries"),
                            .open = number_in<std::uint64_t>(tcp, "open")}};
}

LoadStatus load_from_json(const object& status) {
    LoadStatus load{.generation = number_in<std::uint64_t>(status, "generation"),
                    .ready = flag_in(status, "ready"),
                    .database = database_from_json(object_in(status, "database")),
                    .held_back = text_in(status, "held"),
                    .last_reload = last_reload_from_json(object_in(status, "last_reload")),
                    .last_change = last_change_from_json(object_in(status, "last_change")),
                    .zones_directory = text_in(status, "zones_directory"),
                    .needs_restart = texts_in(status, "needs_restart"),
                    .configuration_error = text_in(status, "configuration_error"),
                    .overrides_error = text_in(status, "overrides_error"),
                    .overrides_unknown = flag_in(status, "overrides_unknown")};
    for (const value& zone : array_in(status, "zones")) {
        if (zone.is_object()) { load.zones.push_back(zone_from_json(zone.get_object())); }
    }
    for (const value& file : array_in(status, "files_with_errors")) {
        if (!file.is_object()) { continue; }
        load.files_with_errors.push_back(
            {text_in(file.get_object(), "file"), text_in(file.get_object(), "error")});
    }
    return load;
}

}  // namespace

object database_json(const DatabaseStatus& database, std::int64_t now) {
    const auto built = static_cast<std::int64_t>(database.build_epoch);
    return {{"paths", texts_json(database.paths)}, {"type", text_or_null(database.type)},
            {"build_epoch", time_or_null(built)},  {"age", age_or_null(now, built)},
            {"v4_networks", database.v4_networks}, {"v6_networks", database.v6_networks},
            {"from", from_text(database.from)},    {"error", text_or_null(database.error)}};
}

DatabaseStatus database_from_json(const object& database) {
    return {.paths = texts_in(database, "paths"),
            .type = text_in(database, "type"),
            .build_epoch = number_in<std::uint64_t>(database, "build_epoch"),
            .v4_networks = number_in<std::uint64_t>(database, "v4_networks"),
            .v6_networks = number_in<std::uint64_t>(database, "v6_networks"),
            .error = text_in(database, "error"),
            .from = from_in(database)};
}

object status_json(const ServerStatus& status) {
    const LoadStatus& load = status.load;
    array zones;
    for (const ZoneStatus& zone : load.zones) {
        zones.push_back(zone_json(zone, status.now));
    }
    array files;
    for (const FileStatus& file : load.files_with_errors) {
        files.push_back(object{{"file", text_or_null(file.file)}, {"error", file.error}});
    }
    return {{"version", status.version},
            {"pid", status.pid},
            {"now", status.now},
            {"started", status.started},
            {"uptime_seconds", status.uptime_seconds},
            {"configuration", text_or_null(status.configuration)},
            {"configuration_error", text_or_null(load.configuration_error)},
            {"overrides_error", text_or_null(load.overrides_error)},
            {"overrides_unknown", load.overrides_unknown},
            {"needs_restart", texts_json(load.needs_restart)},
            {"listen", texts_json(status.listen)},
            {"zones_directory", text_or_null(load.zones_directory)},
            {"state_directory", text_or_null(status.state_directory)},
            {"reloading_since", time_or_null(status.reloading_since)},
            {"clock_trusted", status.clock_trusted},
            {"log_problem", text_or_null(status.log_problem)},
            {"state_problem", text_or_null(status.state_problem)},
            {"overrides_loss", text_or_null(status.overrides_loss)},
            {"ready", load.ready},
            {"generation", load.generation},
            {"held", text_or_null(load.held_back)},
            {"last_reload", last_reload_json(load.last_reload)},
            {"last_change", last_change_json(load.last_change)},
            {"files_with_errors", std::move(files)},
            {"zones", std::move(zones)},
            {"database", database_json(load.database, status.now)},
            {"queries", queries_json(status.queries)},
            {"transports", transports_json(status.queries)},
            {"answers_by_region", answers_json(status.answers)},
            {"health", health_json(status.health)}};
}

Result<ServerStatus, std::string> status_from_json(const object& object) {
    if (!object.contains("pid") || !object.contains("zones")) {
        return Failure{std::string("the reply is no status")};
    }
    return ServerStatus{
        .version = text_in(object, "version"),
        .pid = number_in<std::int64_t>(object, "pid"),
        .now = number_in<std::int64_t>(object, "now"),
        .started = number_in<std::int64_t>(object, "started"),
        .uptime_seconds = number_in<std::int64_t>(object, "uptime_seconds"),
        .configuration = text_in(object, "configuration"),
        .listen = texts_in(object, "listen"),
        .state_directory = text_in(object, "state_directory"),
        .reloading_since = number_in<std::int64_t>(object, "reloading_since"),
        // An earlier server says nothing of it.
        .clock_trusted = !object.contains("clock_trusted") || flag_in(object, "clock_trusted"),
        .log_problem = text_in(object, "log_problem"),
        .state_problem = text_in(object, "state_problem"),
        .overrides_loss = text_in(object, "overrides_loss"),
        .load = load_from_json(object),
        .queries = counts_from_status(object),
        .answers = answers_from_json(array_in(object, "answers_by_region")),
        .health = health_from_json(object_in(object, "health"))};
}

}  // namespace meridian::server
