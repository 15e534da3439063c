// Turns what loads came to into what the status board shows.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/status_keeper.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "server/runtime/settings.h"
#include "server/sources/source_messages.h"

namespace meridian::server {

namespace {

using zones::Diagnostic;
using zones::Diagnostics;

Diagnostics errors_of(const Diagnostics& diagnostics) {
    Diagnostics errors;
    std::ranges::copy_if(diagnostics, std::back_inserter(errors), [](const Diagnostic& entry) {
        return entry.severity == zones::Severity::Error;
    });
    return errors;
}

bool concerns(const Diagnostic& error, const std::string& path, const LoadedFile& loaded) {
    return error.file == path || std::ranges::any_of(loaded.named, [&](const auto& named) {
               return named.path == error.file;
           });
}

/// For an error that points elsewhere, such as at a file that only the new version names.
std::string some_error(const std::string& path) {
    return path + ": it cannot be used as it is; `meridian check` tells why";
}

/// What an operator should know of a zone for as long as it is served.
std::string warning_of(const zones::Zone& zone) {
    if (!zone.signed_at) { return {}; }
    return zones::to_line(zones::diagnostic_of(messages::kServedSignedZone, zone.file, {}, {},
                                               {zone.apex.to_text()}));
}

/// What guards hold back, in a line.
std::string held_text(const LoadReport& report) {
    std::string text = report.database_held ? report.database_error : std::string();
    for (const Diagnostic& entry : report.diagnostics) {
        const bool is_hold =
            entry.code == messages::kHeldZone.code || entry.code == messages::kHeldZones.code;
        if (is_hold) { text += (text.empty() ? "" : "; ") + zones::to_line(entry); }
    }
    return text;
}

ReloadResult result_of(const LoadReport& report) {
    if (!report.held.empty() || report.database_held) { return ReloadResult::Held; }
    if (report.snapshot) { return report.clean() ? ReloadResult::Reloaded : ReloadResult::Partly; }
    return report.clean() ? ReloadResult::Unchanged : ReloadResult::Failed;
}

DatabaseStatus describe_database(const geo::Atlas& atlas, const std::string& error) {
    const geo::AtlasInfo& info = atlas.info();
    return {.paths = info.paths,
            .type = info.type,
            .build_epoch = info.build_epoch,
            .v4_networks = info.v4_networks,
            .v6_networks = info.v6_networks,
            .error = error,
            .from = error.empty() ? ServedFrom::File : ServedFrom::LastGood};
}

std::shared_ptr<const SeenFiles> seen_files(const ServedData& data) {
    auto seen = std::make_shared<SeenFiles>();
    seen->stamps = data.seen();
    for (const auto& [path, loaded] : data.files()) {
        if (loaded.named.empty()) { continue; }
        std::vector<std::string>& files = seen->named[path];
        for (const NamedFileState& file : loaded.named) {
            files.push_back(file.path);
        }
    }
    return seen;
}

}  // namespace

StatusKeeper::StatusKeeper(const ServedData& data, StatusBoard& board, const Clock& clock)
    : data_(data), board_(board), clock_(clock) {}

void StatusKeeper::note_settings(const zones::Diagnostics& errors,
                                 std::vector<std::string> needs_restart) {
    status_.configuration_error = errors.empty() ? "" : zones::to_line(errors.front());
    status_.needs_restart = std::move(needs_restart);
}

void StatusKeeper::note_start(const LoadReport& report) {
    note(report);
    board_.post(status_, std::move(seen_));
}

ReloadOutcome StatusKeeper::note_reload(const LoadReport& report, std::chrono::milliseconds took) {
    note(report);
    const ReloadResult result = result_of(report);
    if (!change_.empty()) { status_.last_change = {now(), status_.generation, change_}; }
    post(result, took);
    return {result,  status_.generation,   took.count(), report.all_diagnostics(),
            change_, status_.needs_restart};
}

ReloadOutcome StatusKeeper::note_failure(const std::string& reason,
                                         std::chrono::milliseconds took) {
    post(ReloadResult::Failed, took);
    Diagnostic diagnostic;
    diagnostic.message = reason;
    return {ReloadResult::Failed, status_.generation, took.count(), {std::move(diagnostic)}, {},
            status_.needs_restart};
}

void StatusKeeper::note(const LoadReport& report) {
    if (report.snapshot) { status_.generation = report.snapshot->info().generation; }
    const DatabaseStatus database =
        std::exchange(status_.database, describe_database(*data_.atlas(), report.database_error));
    status_.held = held_text(report);
    status_.zones_directory = absolute_path(data_.paths().zones_directory);
    describe_zones(report);
    if (report.database_changed && report.snapshot) {
        change_.database = DatabaseChange{status_.database.type, status_.database.build_epoch,
                                          database.type, database.build_epoch};
    }
    seen_ = seen_files(data_);
    status_.ready = !status_.zones.empty();
}

void StatusKeeper::post(ReloadResult result, std::chrono::milliseconds took) {
    status_.last_reload = {now(), took.count(), result};
    board_.post(status_, std::move(seen_));
}

std::int64_t StatusKeeper::now() const {
    return std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch())
        .count();
}

void StatusKeeper::describe_zones(const LoadReport& report) {
    const Diagnostics errors = errors_of(report.diagnostics);
    const std::set<std::string> kept(report.kept.begin(), report.kept.end());
    const LoadTimes before = std::exchange(loaded_, {});
    status_.zones.clear();
    std::set<std::string> told;  // files whose errors stand at a zone
    for (const auto& [path, loaded] : data_.files()) {
        for (const auto& zone : loaded.zones) {
            const auto known = before.find(zone);
            loaded_.emplace(zone, known == before.end() ? now() : known->second);
        }
        const bool has_error = kept.contains(path);
        describe_file(path, loaded, has_error, errors);
        for (const Diagnostic& error : errors) {
            if (has_error && concerns(error, path, loaded)) { told.insert(error.file); }
        }
    }
    change_ = change_between(before, loaded_);
    status_.files_with_errors.clear();
    for (const Diagnostic& error : errors) {
        if (!told.insert(error.file).second) { continue; }
        status_.files_with_errors.push_back({error.file, zones::to_line(error)});
    }
    for (const std::string& path : kept) {
        if (data_.files().contains(path) || !told.insert(path).second) { continue; }
        status_.files_with_errors.push_back({path, some_error(path)});
    }
}

void StatusKeeper::describe_file(const std::string& path, const LoadedFile& loaded, bool has_error,
                                 const Diagnostics& errors) {
    std::string text;
    if (has_error) {
        const auto first = std::ranges::find_if(
            errors, [&](const Diagnostic& error) { return concerns(error, path, loaded); });
        text = first == errors.end() ? some_error(path) : zones::to_line(*first);
    }
    for (const auto& zone : loaded.zones) {
        status_.zones.push_back({.name = zone->apex.to_text(),
                                 .serial = zone->soa.serial,
                                 .file = path,
                                 .loaded = loaded_.at(zone),
                                 .modified = loaded.newest(),
                                 .error = text,
                                 .warning = warning_of(*zone),
                                 .from = has_error ? ServedFrom::LastGood : ServedFrom::File});
    }
}

}  // namespace meridian::server
