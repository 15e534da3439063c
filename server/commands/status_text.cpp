// Says in lines how a server is, problems first.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "meridian/dns/types.h"
#include "meridian/terminal_text.h"
#include "server/commands/command_texts.h"
#include "server/commands/report.h"

namespace meridian::server {

namespace {

std::string ago(std::int64_t now, std::int64_t then) {
    return then == 0 ? "unknown" : duration_text(std::max<std::int64_t>(0, now - then)) + " ago";
}

std::string problem(const std::string& what, const std::string& error) {
    return titled_row("PROBLEM", what) + (error.empty() ? "" : titled_row("", error));
}

/// Whether a guard or a file reports the same error for several zones. It is printed once then, and
/// the table marks the zones.
bool is_reported_elsewhere(const ZoneStatus& zone, const LoadStatus& load) {
    if (zone.error.empty()) { return false; }
    return load.held_back.find(zone.error) != std::string::npos ||
           std::ranges::find(load.files_with_errors, zone.error, &FileStatus::error) !=
               load.files_with_errors.end();
}

std::string problems(const LoadStatus& load) {
    std::string text;
    if (!load.ready) { text += problem("nothing is served", {}); }
    for (const ZoneStatus& zone : load.zones) {
        if (!has_problem(zone) || is_reported_elsewhere(zone, load)) { continue; }
        text += problem(zone.name + " is served in its last good version", zone.error);
    }
    for (const FileStatus& file : load.files_with_errors) {
        text += problem(file.file + (file.file.empty() ? "" : " ") + "has an error", file.error);
    }
    const DatabaseStatus& database = load.database;
    if (!database.error.empty() || database.from != ServedFrom::File) {
        text += problem("the geo database is used in its last good version", database.error);
    }
    if (!load.configuration_error.empty()) {
        text += problem("meridian.toml has an error; the server goes on with what it said before",
                        load.configuration_error);
    }
    if (!load.overrides_error.empty()) {
        text += problem(load.overrides_unknown
                            ? "the file of overrides has an error, and what it said before is not "
                              "known: nothing of it holds"
                            : "the file of overrides has an error; what it said before holds",
                        load.overrides_error);
    }
    if (!load.held_back.empty()) { text += problem("a change is held back", load.held_back); }
    if (text.empty() && has_failed(load)) {
        text += problem("the last reload failed; what ran before goes on", {});
    }
    for (const ZoneStatus& zone : load.zones) {
        if (!zone.warning.empty()) { text += titled_row("WARNING", zone.warning); }
    }
    return text;
}

std::string reload_text(const ServerStatus& status) {
    const auto& reload = status.load.last_reload;
    if (!reload) { return "none since the start"; }
    return ago(status.now, reload->at) + ": " + std::string(to_text(reload->result)) + ", in " +
           std::to_string(reload->milliseconds) + " ms";
}

/// A title, then a line for each text.
std::string rows(std::string_view title, const std::vector<std::string>& texts) {
    std::string text;
    for (const std::string& line : texts) {
        text += titled_row(text.empty() ? title : "", line);
    }
    return text;
}

std::string change_rows(const ServerStatus& status) {
    const auto& change = status.load.last_change;
    if (!change) { return titled_row("change", "none since the start"); }
    std::vector<std::string> lines = change_lines(change->what);
    lines.insert(lines.begin(), ago(status.now, change->at) + ", generation " +
                                    std::to_string(change->generation));
    return rows("change", lines);
}

/// Configuration, addresses, zones directory and state directory.
std::string place_rows(const ServerStatus& status) {
    const auto text_of = [](const std::string& text, std::string_view fallback) {
        return text.empty() ? std::string(fallback) : text;
    };
    return titled_row("config", text_of(status.configuration, "no meridian.toml, the defaults")) +
           rows("listen", status.listen) +
           titled_row("zones in", text_of(status.load.zones_directory, "unknown")) +
           titled_row("state in", text_of(status.state_directory, "nothing is saved"));
}

std::string database_row(const ServerStatus& status) {
    const DatabaseStatus& database = status.load.database;
    const auto built = static_cast<std::int64_t>(database.build_epoch);
    std::string text = database.type + " of " + date_text(database.build_epoch);
    if (built != 0) { text += ", " + ago(status.now, built); }
    text += "; " + count_text(database.v4_networks, "IPv4 network") + ", " +
            count_text(database.v6_networks, "IPv6 network");
    std::string rows = titled_row("database", text);
    for (const std::string& path : database.paths) {
        rows += titled_row("", path);
    }
    return rows;
}

std::string query_rows(const TransportCounts& queries) {
    QueryCounts all = queries.udp;
    all += queries.tcp;
    std::string codes;
    for (std::size_t code = 0; code < all.by_rcode.size(); ++code) {
        if (all.by_rcode[code] == 0) { continue; }
        if (!codes.empty()) { codes += ", "; }
        codes += std::to_string(all.by_rcode[code]) + ' ' +
                 dns::rcode_to_text(static_cast<dns::Rcode>(code));
    }
    return titled_row("queries", std::to_string(all.received()) + " received (" +
                                     std::to_string(queries.udp.received()) + " UDP, " +
                                     std::to_string(queries.tcp.received()) + " TCP), " +
                                     std::to_string(all.answered()) + " answered, " +
                                     std::to_string(all.dropped) + " dropped, " +
                                     std::to_string(all.truncated) + " truncated") +
           (codes.empty() ? "" : titled_row("", codes));
}

std::string network_rows(const TransportCounts& counts) {
    const dns::UdpCounters& udp = counts.datagrams;
    const dns::TcpCounters& tcp = counts.connections;
    return titled_row("udp", count_text(udp.received, "datagram") + " received, " +
                                 std::to_string(udp.sent) + " sent, " +
                                 std::to_string(udp.dropped) + " dropped") +
           titled_row("tcp", count_text(tcp.accepted, "connection") + " accepted, " +
                                 std::to_string(tcp.refused) + " refused, " +
                                 std::to_string(tcp.open) + " open");
}

/// The busiest regions, those of several policies together.
std::string answer_rows(const AnswersByRegion& answers) {
    constexpr std::size_t kMost = 8;
    std::map<std::pair<std::string, std::string>, std::uint64_t> by_region;
    std::uint64_t all = 0;
    for (const auto& [counted, count] : answers) {
        by_region[{counted.region, counted.file}] += count;
        all += count;
    }
    if (all == 0) { return {}; }
    std::map<std::string, int> namesakes;
    std::vector<std::pair<std::uint64_t, std::pair<std::string, std::string>>> busy;
    for (const auto& [region, count] : by_region) {
        if (count == 0) { continue; }
        busy.emplace_back(count, region);
        ++namesakes[region.first];
    }
    std::ranges::stable_sort(busy, std::ranges::greater(), &decltype(busy)::value_type::first);
    std::string text;
    for (const auto& [count, region] : std::span(busy).first(std::min(kMost, busy.size()))) {
        text += (text.empty() ? "" : ", ") + std::to_string(count) + ' ' + region.first;
        if (namesakes[region.first] > 1) { text += " (" + region.second + ")"; }
        all -= count;
    }
    if (busy.size() > kMost) {
        text +=
            ", " + std::to_string(all) + " of " + count_text(busy.size() - kMost, "other region");
    }
    return titled_row("answers", text);
}

/// Columns as wide as what stands in them; the last one ends where it ends.
template <std::size_t kColumns>
std::string table_rows(std::string_view title,
                       const std::vector<std::array<std::string, kColumns>>& table) {
    std::array<std::size_t, kColumns> widths{};
    for (const auto& cells : table) {
        for (std::size_t i = 0; i + 1 < kColumns; ++i) {
            widths.at(i) = std::max(widths.at(i), cells.at(i).size() + 2);
        }
    }
    std::string text;
    for (const auto& cells : table) {
        std::string line;
        for (std::size_t i = 0; i < kColumns; ++i) {
            line += padded(cells.at(i), widths.at(i));
        }
        text += titled_row(text.empty() ? title : "", line);
    }
    return text;
}

std::string zone_rows(const ServerStatus& status) {
    std::vector<std::array<std::string, 4>> table{{"NAME", "SERIAL", "LIVE", "FILE"}};
    for (const ZoneStatus& zone : status.load.zones) {
        const std::string_view mark = has_problem(zone) ? "  PROBLEM" : "";
        table.push_back({zone.name, std::to_string(zone.serial), ago(status.now, zone.loaded),
                         zone.file + std::string(mark)});
    }
    return table_rows("zones", table);
}

}  // namespace

std::string duration_text(std::int64_t seconds) {
    constexpr std::int64_t kMinute = 60;
    constexpr std::int64_t kHour = 60 * kMinute;
    constexpr std::int64_t kDay = 24 * kHour;
    if (seconds < kMinute) { return std::to_string(seconds) + " s"; }
    if (seconds < kHour) { return std::to_string(seconds / kMinute) + " min"; }
    if (seconds < kDay) {
        return std::to_string(seconds / kHour) + " h " + std::to_string(seconds % kHour / kMinute) +
               " min";
    }
    return count_text(static_cast<std::size_t>(seconds / kDay), "day");
}

std::string status_text(const ServerStatus& status) {
    std::string text;
    for (const HealthLine& line : override_problems(status.health)) {
        text += problem(line.what, line.why);
    }
    if (const std::int64_t seconds = long_reload_seconds(status); seconds > 0) {
        text += problem("a reload has been running for " + duration_text(seconds),
                        "changes wait for its end; the previous version is still served");
    }
    text += problems(status.load);
    if (!status.clock_trusted) {
        text += problem("the clock is not synchronised; what is to begin or end by the date waits",
                        "start chrony or systemd-timesyncd; where the host of this machine keeps "
                        "the clock, say so: [server] clock = \"trusted\"");
    }
    if (!status.log_problem.empty()) {
        text += problem("the log cannot be opened anew", status.log_problem);
    }
    if (!status.overrides_loss.empty()) {
        text += problem("what was set by hand before the start is lost; set it again",
                        status.overrides_loss);
    }
    if (!status.state_problem.empty()) {
        text += problem("what is served is not saved for the next start", status.state_problem);
    }
    for (const HealthLine& line : health_problems(status.health, status.now)) {
        text += line.is_problem ? problem(line.what, line.why) : titled_row("WARNING", line.what);
    }
    if (!text.empty()) { text += '\n'; }
    text +=
        titled_row("server", "meridian " + status.version + ", pid " + std::to_string(status.pid) +
                                 ", up " + duration_text(status.uptime_seconds) + ", generation " +
                                 std::to_string(status.load.generation));
    text += place_rows(status);
    text += titled_row("reload", reload_text(status));
    text += change_rows(status);
    if (!status.load.needs_restart.empty()) {
        text += titled_row("restart", restart_text(status.load.needs_restart));
    }
    text += database_row(status);
    text += query_rows(status.queries);
    text += network_rows(status.queries);
    text += answer_rows(status.answers);
    text += table_rows("by hand", override_table(status.health, status.now));
    text += table_rows("health", health_table(status.health, status.now));
    return text + zone_rows(status);
}

}  // namespace meridian::server
