// Turns the zones directory and the geo database into snapshots, at start and at every reload.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/served_data.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "meridian/zones/compiler.h"

namespace meridian::server {

/// What would be served if all of it turned out good.
struct ServedData::Candidate {
    std::shared_ptr<const geo::Atlas> atlas;
    ZonesByFile zones;
    std::shared_ptr<const zones::Snapshot> snapshot;
};

namespace {

void append(zones::Diagnostics& to, zones::Diagnostics from) {
    std::ranges::move(from, std::back_inserter(to));
}

zones::Diagnostic about_directory(const std::string& directory, std::string message) {
    zones::Diagnostic diagnostic;
    diagnostic.file = directory;
    diagnostic.message = std::move(message);
    return diagnostic;
}

bool holds(const std::vector<std::string>& files, const std::string& file) {
    return std::ranges::find(files, file) != files.end();
}

/// The files among `suspects` that an error points at; all of them where it points elsewhere.
std::vector<std::string> blamed(const zones::Diagnostics& diagnostics,
                                const std::vector<std::string>& suspects) {
    std::vector<std::string> files;
    for (const std::string& suspect : suspects) {
        const bool named = std::ranges::any_of(diagnostics, [&](const zones::Diagnostic& entry) {
            return entry.severity == zones::Severity::Error && entry.file == suspect;
        });
        if (named) { files.push_back(suspect); }
    }
    return files.empty() ? suspects : files;
}

}  // namespace

bool LoadReport::clean() const {
    return database_error.empty() && !zones::has_errors(diagnostics);
}

ServedData::ServedData(DataPaths paths) : paths_(std::move(paths)), database_(paths_.databases) {}

LoadReport ServedData::load() {
    LoadReport report;
    Candidate candidate = read_everything(report);
    if (!report.clean() || !compile(candidate, report)) { return report; }
    report.snapshot = candidate.snapshot;
    accept(std::move(candidate));
    return report;
}

LoadReport ServedData::reload() {
    LoadReport report;
    Candidate candidate = read_everything(report);
    for (;;) {
        std::vector<std::string> suspects = report.changed;
        suspects.insert(suspects.end(), report.added.begin(), report.added.end());
        if (suspects.empty() && report.removed.empty() && !report.database_changed) {
            return report;
        }
        const std::size_t told = report.diagnostics.size();
        if (compile(candidate, report)) { break; }
        if (suspects.empty()) {  // the new database or a removal is to blame: all stays as it is
            report.database_changed = false;
            report.removed.clear();
            return report;
        }
        const zones::Diagnostics news(report.diagnostics.begin() + static_cast<long>(told),
                                      report.diagnostics.end());
        put_back(blamed(news, suspects), candidate, report);
    }
    report.snapshot = candidate.snapshot;
    accept(std::move(candidate));
    return report;
}

ServedData::Candidate ServedData::read_everything(LoadReport& report) {
    Candidate candidate;
    candidate.atlas = atlas_;
    auto atlas = database_.read_if_changed();
    if (!atlas) {
        report.database_error = atlas.error();
    } else if (*atlas != nullptr) {
        candidate.atlas = *atlas;
        report.database_changed = true;
    }
    read_zones(candidate, report);
    return candidate;
}

void ServedData::read_zones(Candidate& candidate, LoadReport& report) const {
    auto listing = list_zone_files(paths_.zones_directory);
    if (!listing || listing->paths.empty()) {
        const std::string what =
            listing ? "there are no zone files (*.toml) in this directory" : listing.error();
        const std::string then = zones_.empty() ? "" : "; what runs goes on";
        report.diagnostics.push_back(about_directory(paths_.zones_directory, what + then));
        candidate.zones = zones_;
        return;
    }
    append(report.diagnostics, listing->diagnostics);
    for (const std::string& path : listing->paths) {
        const auto found = zones_.find(path);
        const LoadedZone* running = found == zones_.end() ? nullptr : &found->second;
        ZoneLoading loading = load_zone(path, running, serials_);
        append(report.diagnostics, std::move(loading.diagnostics));
        if (!loading.loaded) {
            report.kept.push_back(path);
            if (running != nullptr) { candidate.zones[path] = *running; }
            continue;
        }
        candidate.zones[path] = std::move(*loading.loaded);
        if (!loading.unchanged) {
            (running == nullptr ? report.added : report.changed).push_back(path);
        }
    }
    for (const auto& [path, zone] : zones_) {
        if (!holds(listing->paths, path)) { report.removed.push_back(path); }
    }
    if (candidate.zones.empty() && !zones_.empty()) {
        report.diagnostics.push_back(about_directory(
            paths_.zones_directory, "no zone file here is without an error; what runs goes on"));
        candidate.zones = zones_;
        report.removed.clear();
    }
}

void ServedData::put_back(const std::vector<std::string>& files, Candidate& candidate,
                          LoadReport& report) const {
    for (const std::string& file : files) {
        const auto running = zones_.find(file);
        if (running == zones_.end()) {
            candidate.zones.erase(file);
        } else {
            candidate.zones[file] = running->second;
        }
        std::erase(report.added, file);
        std::erase(report.changed, file);
        report.kept.push_back(file);
    }
}

bool ServedData::compile(Candidate& candidate, LoadReport& report) const {
    zones::CompileInput input;
    // What is new comes last, so that in a quarrel over a name the newcomer is blamed.
    for (const bool is_new : {false, true}) {
        for (const auto& [path, loaded] : candidate.zones) {
            const bool listed = holds(report.added, path) || holds(report.changed, path);
            if (listed == is_new) { input.zones.push_back(loaded.zone); }
        }
    }
    input.atlas = candidate.atlas;
    input.generation = generation_ + 1;
    input.previous = snapshot_;
    auto compiled = zones::compile(input);
    if (!compiled) {
        append(report.diagnostics, compiled.error());
        return false;
    }
    candidate.snapshot = std::move(compiled).value();
    return true;
}

void ServedData::accept(Candidate candidate) {
    atlas_ = std::move(candidate.atlas);
    zones_ = std::move(candidate.zones);
    snapshot_ = std::move(candidate.snapshot);
    ++generation_;
    database_.accept();
    for (const auto& [path, loaded] : zones_) {
        serials_.remember(loaded.zone->apex, loaded.zone->soa.serial);
    }
}

zones::Diagnostics check_zone_files(const std::vector<std::string>& files) {
    zones::Diagnostics diagnostics;
    zones::CompileInput input;
    for (const std::string& file : files) {
        ZoneLoading loading = load_zone(file, nullptr, {});
        append(diagnostics, std::move(loading.diagnostics));
        if (loading.loaded) { input.zones.push_back(loading.loaded->zone); }
    }
    if (zones::has_errors(diagnostics)) { return diagnostics; }
    input.atlas = std::make_shared<const geo::Atlas>(geo::AtlasBuilder().build());
    auto compiled = zones::compile(input);
    if (!compiled) { append(diagnostics, compiled.error()); }
    return diagnostics;
}

}  // namespace meridian::server
