// Makes entries of the journal of what health, overrides and reloads report.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/health/health_monitor.h"
#include "server/health/health_status.h"
#include "server/health/overrides.h"
#include "server/journal/journal_entry.h"
#include "server/runtime/server_status.h"

namespace meridian::server {

JournalEntry journal_entry(const RegionTurn& turn);
JournalEntry journal_entry(const AddressTurn& turn);
/// `author` is who began or ended it.
JournalEntry journal_entry(const Override& entry, OverrideTurn turn, const std::string& author);
/// An override that an earlier process began and that still holds.
JournalEntry standing_entry(const Override& entry);
/// Whether what the server sees of a family is cut off.
JournalEntry sight_entry(const std::string& family, bool is_blind);
JournalEntry alarm_entry(const ServiceAlarm& alarm, bool begins);
/// Whether the date is trusted.
JournalEntry clock_entry(bool is_trusted);
/// What operators have to mend before checks give results again.
JournalEntry problem_entry(const std::string& problem, bool is_over);
JournalEntry release_entry(const OverrideTarget& target, const std::string& author);

/// The reload itself, where it changed anything or failed, then each zone and the database.
std::vector<JournalEntry> journal_entries(const ReloadOutcome& outcome, const std::string& cause,
                                          const std::string& author);
/// The override that the entry of one that holds is about; none where its target cannot be read.
std::optional<Override> override_of(const JournalEntry& entry);

}  // namespace meridian::server
