// Checks meridian.toml and zone files with the code that loads them, without serving.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "meridian/clock.h"
#include "server/commands/check_json.h"
#include "server/commands/commands.h"
#include "server/commands/report.h"
#include "server/commands/stamp.h"
#include "server/runtime/log_text.h"
#include "server/runtime/settings.h"
#include "server/sources/served_data.h"
#include "server/sources/zone_check.h"

namespace meridian::server {

namespace {

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
    [[nodiscard]] int exit_code() const { return errors == 0 ? kExitOk : kExitWrong; }
};

Tally tally_of(const std::string& file, const zones::Diagnostics& diagnostics) {
    zones::Diagnostics own;
    std::ranges::copy_if(diagnostics, std::back_inserter(own),
                         [&](const zones::Diagnostic& entry) { return entry.file == file; });
    Tally tally;
    tally.add(own);
    return tally;
}

/// Those that were named, and others that something is told of, such as master files.
std::vector<std::string> all_files(std::vector<std::string> files,
                                   const zones::Diagnostics& diagnostics) {
    std::set<std::string> others;
    for (const zones::Diagnostic& entry : diagnostics) {
        const bool named = std::ranges::find(files, entry.file) != files.end();
        if (!named && !entry.file.empty()) { others.insert(entry.file); }
    }
    files.insert(files.end(), others.begin(), others.end());
    return files;
}

int print_json(const std::vector<std::string>& files, const zones::Diagnostics& diagnostics) {
    std::cout << check_json(all_files(files, diagnostics), diagnostics) << '\n';
    return zones::has_errors(diagnostics) ? kExitWrong : kExitOk;
}

int check_files(const std::vector<std::string>& files, bool json) {
    const zones::Diagnostics diagnostics = check_zone_files(files);
    if (json) { return print_json(files, diagnostics); }
    print_diagnostics(diagnostics);
    for (const std::string& file : all_files(files, diagnostics)) {
        std::cout << printable(file) << ": " << tally_of(file, diagnostics).text() << '\n';
    }
    Tally all;
    all.add(diagnostics);
    return all.exit_code();
}

std::vector<std::string> zone_files_of(const Settings& settings) {
    auto listing = list_zone_files(settings.zones_directory);
    return listing ? std::move(listing->paths) : std::vector<std::string>{};
}

int check_everything(const SettingsReading& reading, bool json) {
    const Settings& settings = *reading.settings;
    const SystemClock clock;
    ServedData data({settings.zones_directory, settings.databases},
                    StateDirectory::open_to_read(settings.state_places), clock);
    const LoadReport report = data.load();
    if (json) {
        zones::Diagnostics all = reading.diagnostics;
        std::ranges::move(report.all_diagnostics(), std::back_inserter(all));
        return print_json(zone_files_of(settings), all);
    }
    print_diagnostics(report.diagnostics);
    Tally tally;
    tally.add(report.diagnostics);
    if (!report.database_error.empty()) {
        print_error("geo database: " + report.database_error);
        ++tally.errors;
    }
    std::cout << (settings.file.empty() ? "no meridian.toml, the defaults"
                                        : printable(settings.file))
              << "; zones directory " << printable(settings.zones_directory) << ": ";
    if (report.snapshot) {
        const zones::SnapshotInfo info = report.snapshot->info();
        std::cout << count_text(info.zone_count, "zone") << ", "
                  << count_text(info.name_count, "name") << ", "
                  << count_text(info.region_count, "region") << "; geo database "
                  << database_text(data.atlas()->info()) << ": ";
    }
    std::cout << tally.text() << '\n';
    return tally.exit_code();
}

}  // namespace

int check(const CheckOptions& options) {
    std::vector<std::string> files = options.zone_files;
    int code = kExitOk;
    // Zone files that are named need no meridian.toml, unless that is named as well.
    if (!files.empty() && options.config_file.empty()) {
        code = check_files(files, options.json);
    } else {
        const SettingsReading reading = load_settings(options.config_file);
        if (!options.json) { print_diagnostics(reading.diagnostics); }
        if (!reading.settings) {
            return options.json ? print_json({}, reading.diagnostics) : int{kExitWrong};
        }
        const bool everything = files.empty();
        if (everything) { files = zone_files_of(*reading.settings); }
        code =
            everything ? check_everything(reading, options.json) : check_files(files, options.json);
    }
    if (!options.stamp) { return code; }
    if (code != kExitOk) {
        print_error("nothing is stamped, because there are errors");
        return code;
    }
    return stamp_files(files, SystemClock());
}

}  // namespace meridian::server
