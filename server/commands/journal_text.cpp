// Says in a line what an entry of the journal is about.
//
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include "meridian/date_time.h"
#include "server/commands/command_texts.h"
#include "server/commands/report.h"
#include "server/health/overrides.h"
#include "server/state/state_lines.h"

namespace meridian::server {

namespace {

std::string behind(std::string_view separator, const std::string& text) {
    return text.empty() ? std::string() : std::string(separator) + text;
}

std::string state_words(const std::string& state) {
    return state == "none" ? "checked no more" : state;
}

std::string override_words(const JournalEntry& entry) {
    const auto kind = override_kind_from_text(entry.before.empty() ? entry.state : entry.before);
    const std::string state = entry.detail == kMaintenance ? "in maintenance"
                              : kind                       ? std::string(words_of(*kind))
                                                           : "set by hand";
    const std::string what =
        entry.subject + (entry.before.empty() ? " is " : " is no more ") + state;
    if (entry.state == kExpired) { return what + ": its time is over"; }
    if (entry.state == kReleased) { return what + behind(", by ", entry.author); }
    const std::string until =
        entry.until == 0 ? std::string() : ", until " + date_time_text(entry.until);
    return what + until + behind(", by ", entry.author) + behind(": ", entry.cause);
}

std::string zone_words(const JournalEntry& entry) {
    if (entry.state.empty()) { return entry.subject + " is gone; its serial was " + entry.before; }
    if (entry.before.empty()) { return entry.subject + " is new, with serial " + entry.state; }
    return entry.subject + " has serial " + entry.state + ", was " + entry.before;
}

std::string database_words(const JournalEntry& entry) {
    const auto date = [](const std::string& built) {
        return " of " + date_text(parse_number<std::uint64_t>(built).value_or(0));
    };
    return entry.subject + date(entry.state) + ", was " + entry.detail + date(entry.before);
}

std::string words_of(const JournalEntry& entry) {
    switch (entry.kind) {
        case JournalKind::Start:
            return entry.subject + " starts, " + entry.detail;
        case JournalKind::Stop:
            return "the server stops";
        case JournalKind::Target:
            return entry.subject + behind(" of ", entry.region) + " is " +
                   state_words(entry.state) + behind(": ", entry.cause);
        case JournalKind::Region:
            return entry.subject + " of " + entry.service + " (" + entry.file + ") is " +
                   state_words(entry.state) + behind(" in ", entry.detail) +
                   behind(": ", entry.cause);
        case JournalKind::Override:
            return override_words(entry);
        case JournalKind::Release:
            return "what fell of " + entry.subject + " may come back" +
                   behind(", by ", entry.author);
        case JournalKind::Reload:
            return entry.state + ", " + entry.subject + behind(", by ", entry.author) + ": " +
                   entry.cause;
        case JournalKind::Zone:
            return zone_words(entry);
        case JournalKind::Database:
            return database_words(entry);
        case JournalKind::Alarm:
            return entry.subject + (entry.state == kAlarmEnds ? ", ended" : "") +
                   behind(": ", entry.cause);
        case JournalKind::Lost:
            break;
    }
    return entry.state + " lines are missing here, since the disk took none";
}

}  // namespace

std::string journal_text(const JournalEntry& entry) {
    constexpr std::size_t kKindWidth = 10;
    std::string kind(to_text(entry.kind));
    kind.resize(kKindWidth, ' ');
    return date_time_text(entry.at) + "  " + kind + words_of(entry);
}

}  // namespace meridian::server
