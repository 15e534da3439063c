// Makes entries of the journal of what health, overrides and reloads report.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/journal_notes.h"

#include <array>
#include <utility>

#include "meridian/ip_address.h"
#include "meridian/zones/diagnostic.h"

namespace meridian::server {
namespace {

JournalEntry zone_entry(const ZoneChange& zone, const std::string& serial,
                        const std::string& before) {
    return {.kind = JournalKind::Zone, .subject = zone.name, .state = serial, .before = before};
}

/// Why a reload was not all that was wanted.
std::string cause_of(const ReloadOutcome& outcome, const std::string& cause) {
    for (const zones::Diagnostic& diagnostic : outcome.diagnostics) {
        if (diagnostic.severity != zones::Severity::Error) { continue; }
        return cause + ": " + zones::to_log_line(diagnostic);
    }
    return cause;
}

}  // namespace

JournalEntry journal_entry(const RegionTurn& turn) {
    return {.kind = JournalKind::Region,
            .subject = turn.region,
            .state = std::string(to_text(turn.rung)),
            .detail = std::string(family_name(turn.family)),
            .region = turn.region,
            .service = turn.service,
            .file = turn.file,
            .cause = turn.reason};
}

JournalEntry journal_entry(const AddressTurn& turn) {
    return {.kind = JournalKind::Target,
            .subject = turn.address,
            .state = turn.state,
            .detail = turn.check,
            .region = turn.region,
            .cause = turn.reason};
}

JournalEntry journal_entry(const Override& entry, OverrideTurn turn, const std::string& author) {
    JournalEntry result{.kind = JournalKind::Override,
                        .until = entry.until,
                        .subject = to_text(entry.target),
                        .state = std::string(to_text(entry.kind)),
                        .region = entry.target.region,
                        .author = author,
                        .cause = entry.reason};
    if (entry.is_maintenance) {  // beside a drain of the same region by command
        result.detail = kMaintenance;
        result.file = entry.file;
    }
    if (turn == OverrideTurn::Begins) { return result; }
    result.before = std::exchange(
        result.state, std::string(turn == OverrideTurn::Expires ? kExpired : kReleased));
    return result;
}

JournalEntry standing_entry(const Override& entry) {
    JournalEntry result = journal_entry(entry, OverrideTurn::Begins, entry.author);
    result.is_state = true;
    result.at = entry.since;
    return result;
}

JournalEntry clock_entry(bool is_trusted) {
    return {.kind = JournalKind::Alarm,
            .subject = "clock not synchronised",
            .state = std::string(is_trusted ? kAlarmEnds : kAlarmBegins),
            .cause = "nothing begins or ends by the date meanwhile"};
}

JournalEntry sight_entry(const std::string& family, bool is_blind) {
    return {.kind = JournalKind::Alarm,
            .subject = "blind over " + family,
            .state = std::string(is_blind ? kAlarmBegins : kAlarmEnds),
            .cause = "most checks in that family time out at once, in several regions"};
}

JournalEntry alarm_entry(const ServiceAlarm& alarm, bool begins) {
    return {.kind = JournalKind::Alarm,
            .subject = subject_of(alarm),
            .state = std::string(begins ? kAlarmBegins : kAlarmEnds),
            .detail = std::string(to_text(alarm.kind)),
            .service = alarm.service,
            .file = alarm.file,
            .cause = std::string(cause_of(alarm.kind))};
}

JournalEntry problem_entry(const std::string& problem, bool is_over) {
    return {.kind = JournalKind::Alarm,
            .subject = problem,
            .state = std::string(is_over ? kAlarmEnds : kAlarmBegins),
            .cause = "some checks give no results"};
}

JournalEntry release_entry(const OverrideTarget& target, const std::string& author) {
    return {.kind = JournalKind::Release,
            .subject = to_text(target),
            .region = target.region,
            .author = author};
}

std::vector<JournalEntry> journal_entries(const ReloadOutcome& outcome, const std::string& cause,
                                          const std::string& author) {
    std::vector<JournalEntry> entries;
    if (outcome.result != ReloadResult::Unchanged || !author.empty()) {
        entries.push_back({.kind = JournalKind::Reload,
                           .subject = "generation " + std::to_string(outcome.generation),
                           .state = std::string(to_text(outcome.result)),
                           .author = author,
                           .cause = cause_of(outcome, cause)});
    }
    for (const ZoneChange& zone : outcome.change.added) {
        entries.push_back(zone_entry(zone, std::to_string(zone.serial), {}));
    }
    for (const ZoneChange& zone : outcome.change.changed) {
        entries.push_back(
            zone_entry(zone, std::to_string(zone.serial), std::to_string(zone.previous_serial)));
    }
    for (const ZoneChange& zone : outcome.change.removed) {
        entries.push_back(zone_entry(zone, {}, std::to_string(zone.serial)));
    }
    if (const auto& database = outcome.change.database) {
        entries.push_back({.kind = JournalKind::Database,
                           .subject = database->type,
                           .state = std::to_string(database->build_epoch),
                           .before = std::to_string(database->previous_build_epoch),
                           .detail = database->previous_type});
    }
    return entries;
}

std::optional<Override> override_of(const JournalEntry& entry) {
    auto target = parse_override_target(entry.subject);
    const auto kind = override_kind_from_text(entry.state);
    if (entry.kind != JournalKind::Override || !target || !kind) { return {}; }
    return Override{.kind = *kind,
                    .target = std::move(target).value(),
                    .since = entry.at,
                    .until = entry.until,
                    .author = entry.author,
                    .reason = entry.cause,
                    .file = entry.file,
                    .is_maintenance = entry.detail == kMaintenance};
}

}  // namespace meridian::server
