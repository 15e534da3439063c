// Checks meridian.toml and zone files with the code that loads them, without serving.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "meridian/clock.h"
#include "server/commands/check_results.h"
#include "server/commands/check_start.h"
#include "server/commands/commands.h"
#include "server/commands/report.h"
#include "server/runtime/overrides_file.h"
#include "server/runtime/privileges.h"
#include "server/runtime/server_user.h"
#include "server/runtime/settings.h"
#include "server/sources/served_data.h"
#include "server/sources/source_diagnostics.h"
#include "server/sources/zone_check.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

struct Tally {
    std::size_t errors = 0;
    std::size_t warnings = 0;

    void add(const zones::Diagnostics& diagnostics) {
        for (const zones::Diagnostic& diagnostic : diagnostics) {
            ++(diagnostic.severity == zones::Severity::Error ? errors : warnings);
        }
    }
    [[nodiscard]] std::string text() const {
        return count_text(errors, "error") + ", " + count_text(warnings, "warning");
    }
};

/// The results of all checks.
struct Found {
    std::vector<std::string> files;  ///< Those that were read.
    std::vector<FileNotRead> not_read;
    zones::Diagnostics diagnostics;
    std::vector<std::string> lines;  ///< Printed after the diagnostics.
};

Tally tally_of(const std::string& file, const zones::Diagnostics& diagnostics) {
    zones::Diagnostics own;
    std::ranges::copy_if(diagnostics, std::back_inserter(own),
                         [&](const zones::Diagnostic& entry) { return entry.file == file; });
    Tally tally;
    tally.add(own);
    return tally;
}

/// The files that were named, and others that have diagnostics, such as master files.
std::vector<std::string> all_files(std::vector<std::string> files,
                                   const zones::Diagnostics& diagnostics) {
    const std::set<std::string> named(files.begin(), files.end());
    std::set<std::string> others;
    for (const zones::Diagnostic& entry : diagnostics) {
        if (!named.contains(entry.file) && !entry.file.empty()) { others.insert(entry.file); }
    }
    files.insert(files.end(), others.begin(), others.end());
    return files;
}

/// Removes from `files` those that were not read.
void leave_out(const std::vector<FileNotRead>& not_read, std::vector<std::string>& files) {
    std::set<std::string> names;
    for (const FileNotRead& file : not_read) {
        names.insert(file.path);
    }
    std::erase_if(files, [&](const std::string& file) { return names.contains(file); });
}

void add_zone_files(FilesCheck check, std::vector<std::string> files, Found& found) {
    leave_out(check.not_read, files);
    for (const std::string& file : all_files(files, check.diagnostics)) {
        found.lines.push_back(file + ": " + tally_of(file, check.diagnostics).text());
    }
    std::ranges::move(files, std::back_inserter(found.files));
    std::ranges::move(check.not_read, std::back_inserter(found.not_read));
    zones::append(found.diagnostics, std::move(check.diagnostics));
}

std::vector<std::string> zone_files_in(const std::string& directory) {
    auto listing = list_zone_files(directory);
    return listing ? std::move(listing->paths) : std::vector<std::string>{};
}

void check_directory(const std::string& directory, const KnownCommands& commands, Found& found) {
    FilesCheck check = check_zones_directory(directory, commands);
    Tally tally;
    tally.add(check.diagnostics);
    found.lines.push_back(directory + ": " + count_text(check.zone_count, "zone") + ": " +
                          tally.text());
    std::vector<std::string> files = zone_files_in(directory);
    leave_out(check.not_read, files);
    std::ranges::move(files, std::back_inserter(found.files));
    std::ranges::move(check.not_read, std::back_inserter(found.not_read));
    zones::append(found.diagnostics, std::move(check.diagnostics));
}

/// "meridian.toml; zones directory zones: 1 zone, ...: "
std::string served_text(const Settings& settings, const LoadReport& report,
                        const ServedData& data) {
    std::string text = settings.file.empty() ? "no meridian.toml, the defaults" : settings.file;
    text += "; zones directory " + settings.zones_directory + ": ";
    if (!report.snapshot) { return text; }
    const zones::SnapshotInfo info = report.snapshot->info();
    return text + count_text(info.zone_count, "zone") + ", " + count_text(info.name_count, "name") +
           ", " + count_text(info.region_count, "region") + "; geo database " +
           database_text(data.atlas()->info()) + ": ";
}

/// The rights of a user who is not root say nothing about what a start makes of the state.
void leave_out_state(LoadReport& report) {
    std::erase_if(report.diagnostics, [](const zones::Diagnostic& entry) {
        return entry.code == diagnostics::kStateTrouble.code;
    });
}

/// Checks the settings, whether a start with them would succeed, and all that it would serve.
void check_settings(const std::string& config_file, Found& found) {
    SettingsReading reading = load_settings(config_file);
    Tally tally;
    tally.add(reading.diagnostics);
    zones::append(found.diagnostics, std::move(reading.diagnostics));
    if (!reading.settings) { return; }
    const Settings& settings = *reading.settings;
    const SystemClock clock;
    ServedData data({.zones_directory = settings.zones_directory,
                     .databases = settings.databases,
                     .max_probes = settings.health.max_probes,
                     .commands = command_names(settings.health)},
                    StateDirectory::open_as_start(settings.state_places, owner_of_state(settings)),
                    clock);
    LoadReport report = data.load();
    if (!is_root()) { leave_out_state(report); }
    zones::Diagnostics reported = check_start(settings, data.seen());
    if (!settings.overrides_file.empty()) {
        if (auto overrides = load_overrides(settings.overrides_file); !overrides) {
            zones::append(reported, std::move(overrides).error());
        }
    }
    zones::append(reported, report.all_diagnostics());
    place_database(settings, reported);
    tally.add(reported);
    found.lines.push_back(served_text(settings, report, data) + tally.text());
    zones::append(found.diagnostics, std::move(reported));
    std::vector<std::string> files = zone_files_in(settings.zones_directory);
    leave_out(report.not_read, files);
    std::ranges::move(files, std::back_inserter(found.files));
    std::ranges::move(report.not_read, std::back_inserter(found.not_read));
}

/// Checks each path: a meridian.toml, a zone file or a directory of either. Zones may name any
/// command unless these are `commands`.
Found check_paths(const CheckOptions& options, const KnownCommands& commands) {
    Found found;
    std::vector<std::string> zone_files;
    for (const std::string& path : options.paths) {
        std::error_code ignored;
        if (!fs::is_directory(path, ignored)) {
            if (is_settings_file(path)) {
                check_settings(path, found);
            } else {
                zone_files.push_back(path);
            }
        } else if (const fs::path inside = fs::path(path) / kSettingsName;
                   fs::exists(inside, ignored)) {
            check_settings(inside.string(), found);
        } else {
            check_directory(path, commands, found);
        }
    }
    if (!zone_files.empty()) {
        add_zone_files(check_zone_files(zone_files, commands), zone_files, found);
    }
    return found;
}

int print(const Found& found, bool json) {
    const bool is_wrong = zones::has_errors(found.diagnostics);
    if (json) {
        std::cout << check_json(all_files(found.files, found.diagnostics), found.not_read,
                                found.diagnostics)
                  << '\n';
        return is_wrong ? kExitWrong : kExitOk;
    }
    print_diagnostics(found.diagnostics);
    for (const FileNotRead& file : found.not_read) {
        print_line(std::cout, file.path + ": not looked at, since " + file.zone_file +
                                  ", which names it, has errors");
    }
    for (const std::string& line : found.lines) {
        print_line(std::cout, line);
    }
    return is_wrong ? kExitWrong : kExitOk;
}

int refuse(const std::string& reason) {
    print_error(reason);
    return kExitCannotRun;
}

}  // namespace

int check(const CheckOptions& options) {
    Found found;
    if (!options.zone.empty()) {
        if (options.paths.size() != 1) { return refuse("--zone wants one master file"); }
        if (options.stamp) { return refuse("--stamp writes into TOML files, not master files"); }
        add_zone_files(check_master_file(options.paths.front(), options.zone), options.paths,
                       found);
    } else if (options.paths.empty()) {
        check_settings(options.config_file, found);
    } else {
        // Zone files that are named need no meridian.toml, unless that is named as well.
        KnownCommands commands;
        if (!options.config_file.empty()) {
            SettingsReading reading = load_settings(options.config_file);
            found.diagnostics = std::move(reading.diagnostics);
            if (reading.settings) {
                commands = std::make_shared<const zones::CommandNames>(
                    command_names(reading.settings->health));
            }
        }
        Found more = check_paths(options, commands);
        more.diagnostics.insert(more.diagnostics.begin(), found.diagnostics.begin(),
                                found.diagnostics.end());
        found = std::move(more);
    }
    const int code = print(found, options.json);
    if (!options.stamp) { return code; }
    if (code != kExitOk) {
        print_error("nothing is stamped, because there are errors");
        return code;
    }
    return stamp_files(found.files, SystemClock());
}

}  // namespace meridian::server
