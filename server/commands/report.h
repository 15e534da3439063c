// Prints errors, diagnostics and common texts the same way in all commands.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/geo/location.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/snapshot.h"
#include "server/journal/journal_reading.h"
#include "server/runtime/settings.h"

namespace meridian::server {

/// Whether a descriptor is a terminal that wants colours (NO_COLOR unset).
bool wants_colour(int descriptor);

/// To stderr, with source line and marker.
void print_diagnostics(const zones::Diagnostics& diagnostics);
/// One line to a stream, as terminal_text shows it; most commands print what files hold.
void print_line(std::ostream& stream, std::string_view text);
/// The same of a text of several lines.
void print_lines(std::ostream& stream, std::string_view text);
/// One line to stderr, behind the program's name.
void print_error(std::string_view text);

/// Prints that `word` is no command, and the nearest command.
void print_unknown_command(std::string_view word, const std::vector<std::string>& commands);

/// Loads meridian.toml as `load_settings` does and prints its diagnostics; none where it has
/// errors.
std::optional<Settings> load_settings_or_print(const std::string& config_file);

/// What of the journal is passed over, to stderr.
void print_journal_problems(const JournalReading& reading);

/// That this user may not read the journal of that state directory.
void print_journal_forbidden(const std::string& directory);

/// "2026-06-05"
std::string date_text(std::uint64_t unix_seconds);
/// "50.11 N 8.68 E"
std::string coordinates_text(geo::Coordinates at);
/// "DBIP-City-Lite of 2026-06-05"
std::string database_text(const geo::AtlasInfo& info);

/// The lengths of client subnets for which most of the known addresses decide where the database
/// splits the subnet, by the first table: "IPv4 /1-/20 /24, IPv6 /1-/32 /48 /56"; "none" without a
/// table.
std::string majority_text(const zones::Snapshot& snapshot);
/// "a, b, c"
std::string joined(const std::vector<std::string>& texts);
/// With blanks behind it, up to that many characters.
std::string padded(std::string text, std::size_t width);
/// A row of a report: its title in a column of its own, then the text. Names of files, cities and
/// regions are whatever the file system, the database and the zone hold; none of it may steer the
/// terminal.
std::string titled_row(std::string_view title, const std::string& text);
inline constexpr std::size_t kTitleWidth = 10;
/// "1 zone", "2 zones"
std::string count_text(std::size_t count, std::string_view noun);

}  // namespace meridian::server
