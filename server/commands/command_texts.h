// Declares the texts that commands print: a status, an explanation, changes, a difference.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/health/health_status.h"
#include "server/health/override_request.h"
#include "server/journal/journal_entry.h"
#include "server/runtime/explanation.h"
#include "server/runtime/load_change.h"
#include "server/runtime/server_status.h"

namespace meridian::server {

/// How a server is, problems first, in lines for an operator.
std::string status_text(const ServerStatus& status);

/// A line of what is wrong with the health of services.
struct HealthLine {
    bool is_problem = false;  ///< Otherwise a warning.
    std::string what;
    std::string why;  ///< May be empty.
};
std::vector<HealthLine> health_problems(const HealthStatus& status, std::int64_t now);
/// A row for each region of each service that is checked, and one of titles; empty where none is.
std::vector<std::array<std::string, 6>> health_table(const HealthStatus& status, std::int64_t now);

/// What operators set by hand that is about nothing that is served.
std::vector<HealthLine> override_problems(const HealthStatus& status);
/// A row for each override, and one of titles; empty where there is none.
std::vector<std::array<std::string, 5>> override_table(const HealthStatus& status,
                                                       std::int64_t now);
/// What came of a drain, a force or a release, in lines for an operator.
std::string override_outcome_text(const OverrideOutcome& outcome, std::int64_t now);
/// "this server only; the zone's other nameservers: ns2.example."
std::string other_nameservers_text(const OverrideOutcome& outcome);
/// "drained", "forced up", "forced down"
std::string_view words_of(OverrideKind kind);

/// An entry of the journal in a line: when, which kind, what came of what, and why.
std::string journal_text(const JournalEntry& entry);

/// "45 s", "3 min", "3 h 12 min", "36 days"
std::string duration_text(std::int64_t seconds);

/// Why a client gets an answer, in lines for an operator. Differences between the server and the
/// files come first. Colours are ANSI sequences; nothing else in the text controls a terminal.
std::string why_text(const Explanation& explanation, bool colour);

/// "added new.example. (serial 5)", "changed a.example. (serial 7, was 6)", "removed ...", "geo
/// database ...": a line for each, without its end; the first zones of many, with the count of the
/// others. Empty where nothing has changed.
std::vector<std::string> change_lines(const LoadChange& change);

/// "server.listen has changed; the server needs a restart for it"; empty where no key waits.
std::string restart_text(const std::vector<std::string>& keys);

/// A unified difference, as `patch` reads it, with three lines around each change, under the name
/// `file`; empty where nothing changes. Texts that differ in many lines are shown as one change,
/// which `patch` also takes.
std::string line_difference(const std::string& file, std::string_view before,
                            std::string_view after);

}  // namespace meridian::server
