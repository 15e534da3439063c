// Prints what commands have to say, the same way in all of them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/geo/location.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/snapshot.h"
#include "server/runtime/settings.h"

namespace meridian::server {

/// Whether a descriptor is a terminal that wants colours (NO_COLOR unset).
bool wants_colour(int descriptor);

/// To stderr, with source line and marker.
void print_diagnostics(const zones::Diagnostics& diagnostics);
/// One line to stderr, behind the program's name.
void print_error(std::string_view message);

/// Likewise, of a word that should be one of the commands.
void print_unknown_command(std::string_view word, const std::vector<std::string>& commands);

/// meridian.toml as `load_settings` finds it, its diagnostics printed; none when it has errors.
std::optional<Settings> settings_or_complaint(const std::string& config_file);

/// "2026-06-05"
std::string date_text(std::uint64_t unix_seconds);
/// "50.11 N 8.68 E"
std::string coordinates_text(geo::Coordinates at);
/// "DBIP-City-Lite of 2026-06-05"
std::string database_text(const geo::AtlasInfo& info);

/// For which lengths of a client subnet that the database splits most of its known addresses
/// decide, by the first table: "IPv4 /1-/20 /24, IPv6 /1-/32 /48 /56"; "none" without a table.
std::string majority_text(const zones::Snapshot& snapshot);
/// "1 zone", "2 zones"
std::string count_text(std::size_t count, std::string_view noun);

}  // namespace meridian::server
