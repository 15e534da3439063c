// Prints what commands have to say, the same way in all of them.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/report.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <utility>

#include "server/runtime/log_text.h"

namespace meridian::server {

bool wants_colour(int descriptor) {
    const char* refused = std::getenv("NO_COLOR");
    return isatty(descriptor) == 1 && (refused == nullptr || *refused == '\0');
}

void print_diagnostics(const zones::Diagnostics& diagnostics) {
    const bool colour = wants_colour(STDERR_FILENO);
    for (const zones::Diagnostic& diagnostic : zones::told_in_sum(diagnostics)) {
        std::cerr << zones::to_text(diagnostic, colour);
    }
}

void print_error(std::string_view message) {
    std::cerr << "meridian: " << printable(message) << '\n';
}

void print_unknown_command(std::string_view word, const std::vector<std::string>& commands) {
    const std::vector<std::string_view> views(commands.begin(), commands.end());
    print_error("there is no command " + zones::quoted(word) + "; " +
                zones::spelling_hint(word, "commands", views));
}

std::optional<Settings> settings_or_complaint(const std::string& config_file) {
    SettingsReading reading = load_settings(config_file);
    if (!reading.settings) { print_diagnostics(reading.diagnostics); }
    return std::move(reading.settings);
}

std::string date_text(std::uint64_t unix_seconds) {
    const auto time = static_cast<std::time_t>(unix_seconds);
    std::tm parts{};
    char text[32] = "unknown";
    if (unix_seconds != 0 && gmtime_r(&time, &parts) != nullptr) {
        std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
    }
    return text;
}

std::string coordinates_text(geo::Coordinates at) {
    char text[64];
    std::snprintf(text, sizeof text, "%.2f %c %.2f %c", std::fabs(at.latitude),
                  at.latitude < 0 ? 'S' : 'N', std::fabs(at.longitude),
                  at.longitude < 0 ? 'W' : 'E');
    return text;
}

std::string database_text(const geo::AtlasInfo& info) {
    return info.type + " of " + date_text(info.build_epoch);
}

std::string count_text(std::size_t count, std::string_view noun) {
    return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace meridian::server
