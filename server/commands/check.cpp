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
#include "server/commands/commands.h"
#include "server/commands/report.h"
#include "server/commands/stamp.h"
#include "server/runtime/settings.h"
#include "server/sources/served_data.h"

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

int check_files(const std::vector<std::string>& files) {
    const zones::Diagnostics diagnostics = check_zone_files(files);
    print_diagnostics(diagnostics);
    for (const std::string& file : files) {
        std::cout << file << ": " << tally_of(file, diagnostics).text() << '\n';
    }
    std::set<std::string> others;  // master files that the zones read
    for (const zones::Diagnostic& entry : diagnostics) {
        if (std::ranges::find(files, entry.file) == files.end()) { others.insert(entry.file); }
    }
    for (const std::string& file : others) {
        std::cout << file << ": " << tally_of(file, diagnostics).text() << '\n';
    }
    Tally all;
    all.add(diagnostics);
    return all.exit_code();
}

int check_everything(const Settings& settings) {
    const SystemClock clock;
    ServedData data({settings.zones_directory, settings.databases},
                    StateDirectory::open_to_read(settings.state_places), clock);
    const LoadReport report = data.load();
    print_diagnostics(report.diagnostics);
    Tally tally;
    tally.add(report.diagnostics);
    if (!report.database_error.empty()) {
        print_error("geo database: " + report.database_error);
        ++tally.errors;
    }
    std::cout << (settings.file.empty() ? "no meridian.toml, the defaults" : settings.file)
              << "; zones directory " << settings.zones_directory << ": ";
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
        code = check_files(files);
    } else {
        const SettingsReading reading = load_settings(options.config_file);
        print_diagnostics(reading.diagnostics);
        if (!reading.settings) { return kExitWrong; }
        code = files.empty() ? check_everything(*reading.settings) : check_files(files);
        if (files.empty()) {
            auto listing = list_zone_files(reading.settings->zones_directory);
            if (listing) { files = std::move(listing->paths); }
        }
    }
    if (!options.stamp) { return code; }
    if (code != kExitOk) {
        print_error("nothing is stamped, because there are errors");
        return code;
    }
    return stamp_files(files, SystemClock());
}

}  // namespace meridian::server
