// Prints the journal: what changed of the answers, when, by what cause and by which author.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

#include "meridian/clock.h"
#include "server/commands/command_texts.h"
#include "server/commands/commands.h"
#include "server/commands/report.h"
#include "server/commands/time_options.h"
#include "server/control/journal_json.h"
#include "server/control/json_fields.h"
#include "server/health/overrides.h"
#include "server/journal/journal_reading.h"
#include "server/runtime/settings.h"
#include "server/state/state_directory.h"

namespace meridian::server {

namespace {

/// A pattern that an operator asks for, or that an override has, may be on either side.
bool is_about(const JournalEntry& entry, const std::string& region) {
    if (region.empty()) { return true; }
    if (entry.region.empty()) { return false; }
    return matches(region, entry.region) || matches(entry.region, region);
}

void print_entries(const JournalReading& reading, const JournalOptions& options,
                   std::int64_t since) {
    for (const JournalEntry& entry : reading.entries) {
        const bool is_wanted =
            !entry.is_state && entry.at >= since && is_about(entry, options.region);
        if (!is_wanted) { continue; }
        if (options.json) {
            std::cout << json_line(journal_entry_json(entry)) << '\n';
        } else {
            print_line(std::cout, journal_text(entry));
        }
    }
}

}  // namespace

int journal(const JournalOptions& options) {
    std::int64_t since = 0;
    if (!options.since.empty()) {
        const auto moment = read_moment(options.since, unix_seconds(SystemClock().wall()));
        if (!moment) {
            print_error(no_moment("--since", options.since));
            return kExitCannotRun;
        }
        since = *moment;
    }
    const auto settings = load_settings_or_print(options.config_file);
    if (!settings) { return kExitWrong; }
    const StateDirectory state = StateDirectory::open_to_show(settings->state_places);
    if (state.path().empty()) {
        print_error(
            "there is no state directory that this user may read; try it as root, or as "
            "the user of the server");
        return kExitCannotRun;
    }
    const JournalReading reading = read_journal(state);
    if (reading.is_forbidden) {
        print_journal_forbidden(state.path());
        return kExitCannotRun;
    }
    if (!reading.is_there) {
        print_error("there is no journal in " + state.path() + ": no server has run there yet");
        return kExitWrong;
    }
    print_journal_problems(reading);
    print_entries(reading, options, since);
    return kExitOk;
}

}  // namespace meridian::server
