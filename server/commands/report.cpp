// Prints errors, diagnostics and common texts the same way in all commands.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/report.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <utility>
#include <vector>

#include "meridian/geo/route_map.h"
#include "meridian/terminal_text.h"

namespace meridian::server {

namespace {

/// " /1-/20 /24", from lengths that ascend.
std::string lengths_text(const std::vector<std::uint8_t>& lengths) {
    std::string text;
    for (std::size_t first = 0; first < lengths.size();) {
        std::size_t last = first;
        while (last + 1 < lengths.size() && lengths[last + 1] == lengths[last] + 1) {
            ++last;
        }
        text += " /" + std::to_string(lengths[first]);
        if (last > first) { text += "-/" + std::to_string(lengths[last]); }
        first = last + 1;
    }
    return text;
}

}  // namespace

bool wants_colour(int descriptor) {
    const char* refused = std::getenv("NO_COLOR");
    return isatty(descriptor) == 1 && (refused == nullptr || *refused == '\0');
}

void print_diagnostics(const zones::Diagnostics& diagnostics) {
    const bool colour = wants_colour(STDERR_FILENO);
    for (const zones::Diagnostic& diagnostic : zones::summarised(diagnostics)) {
        std::cerr << zones::to_text(diagnostic, colour);
    }
}

void print_line(std::ostream& stream, std::string_view text) {
    stream << terminal_text(text) << '\n';
}

void print_lines(std::ostream& stream, std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        print_line(stream, text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

void print_error(std::string_view text) {
    print_line(std::cerr, "meridian: " + std::string(text));
}

void print_unknown_command(std::string_view word, const std::vector<std::string>& commands) {
    const std::vector<std::string_view> views(commands.begin(), commands.end());
    print_error("there is no command " + zones::quoted(word) + "; " +
                zones::spelling_hint(word, "commands", views));
}

std::optional<Settings> load_settings_or_print(const std::string& config_file) {
    SettingsReading reading = load_settings(config_file);
    if (!reading.settings) { print_diagnostics(reading.diagnostics); }
    return std::move(reading.settings);
}

void print_journal_forbidden(const std::string& directory) {
    print_error("this user may not read the journal in " + directory +
                "; ask as root, or as the user of the server");
}

void print_journal_problems(const JournalReading& reading) {
    for (const std::string& problem : reading.problems) {
        print_error(problem + "; this part of the journal is passed over");
    }
    if (reading.damaged_lines > 0) {
        print_error(count_text(reading.damaged_lines, "line") +
                    " of the journal cannot be read, and are passed over");
    }
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

std::string majority_text(const zones::Snapshot& snapshot) {
    const auto tables = snapshot.route_maps();
    if (tables.empty()) { return "none"; }
    const geo::RouteMap& routes = *tables.front().routes;
    return "IPv4" + lengths_text(routes.majority_lengths(Family::V4)) + ", IPv6" +
           lengths_text(routes.majority_lengths(Family::V6));
}

std::string joined(const std::vector<std::string>& texts) {
    std::string result;
    for (const std::string& text : texts) {
        result += (result.empty() ? "" : ", ") + text;
    }
    return result;
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

std::string titled_row(std::string_view title, const std::string& text) {
    return padded(std::string(title), kTitleWidth) + ' ' + terminal_text(text) + '\n';
}

std::string count_text(std::size_t count, std::string_view noun) {
    return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace meridian::server
