// Turns the outcome of loads into the status that the board shows.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/status_keeper.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "server/runtime/settings.h"
#include "server/sources/source_diagnostics.h"

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

/// For a file whose error points at another file, such as one that only its new version names.
std::string some_error(const std::string& path) {
    return path + ": it cannot be used as it is; `meridian check` shows why";
}

/// What an operator should know of a zone for as long as it is served.
std::string warning_of(const std::string& file, const LoadedZone& zone) {
    if (!zone.is_signed()) { return {}; }
    return zones::to_line(zones::diagnostic_of(diagnostics::kServedSignedZone, file, {}, {},
                                               {zone.apex().to_text()}));
}

bool is_from_guard(const Diagnostic& entry) {
    return entry.code == diagnostics::kHeldZone.code ||
           entry.code == diagnostics::kHeldZones.code ||
           entry.code == diagnostics::kHeldAllZones.code;
}

/// What guards hold back, in a line.
std::string held_back_text(const LoadReport& report) {
    std::string text = report.database_held_back ? report.database_error : std::string();
    for (const Diagnostic& entry : report.diagnostics) {
        if (is_from_guard(entry)) { text += (text.empty() ? "" : "; ") + zones::to_line(entry); }
    }
    return text;
}

ReloadResult result_of(const LoadReport& report) {
    const bool is_held_back =
        !report.files(FileFate::HeldBack).empty() || report.database_held_back;
    if (is_held_back) { return ReloadResult::HeldBack; }
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
    seen->states = LookDigests(data.seen());
    for (const auto& [path, loaded] : data.files()) {
        if (loaded->named.empty()) { continue; }
        std::vector<std::string>& files = seen->named[path];
        for (const NamedFileState& file : loaded->named) {
            files.push_back(file.path);
        }
    }
    return seen;
}

}  // namespace

/// Why files of the last load are served in their last good version.
struct StatusKeeper::Findings {
    Findings(const LoadReport& its_report, std::string zones_directory)
        : report(its_report),
          errors(errors_of(its_report.diagnostics)),
          directory(std::move(zones_directory)) {}

    [[nodiscard]] bool is_old(const std::string& path) const {
        return report.directory_unreadable || is_last_good(report.fate_of(path));
    }

    /// The first error in the file or in one that it names. Else, for a file that is gone, the
    /// guard's reason to hold that back, or the error of the whole directory.
    [[nodiscard]] std::string reason(const std::string& path, const LoadedFile& loaded) const {
        const auto first = [&](const auto& is_it) {
            const auto found = std::ranges::find_if(errors, is_it);
            return found == errors.end() ? std::string() : zones::to_line(*found);
        };
        std::string text =
            first([&](const Diagnostic& error) { return concerns(error, path, loaded); });
        const bool is_held_back = report.fate_of(path) == FileFate::HeldBack;
        if (text.empty()) {
            text = first([&](const Diagnostic& error) {
                return error.file == directory && is_from_guard(error) == is_held_back;
            });
        }
        // If the zone has moved to another file, the guard reports it there.
        if (text.empty() && is_held_back) { text = first(is_from_guard); }
        return text.empty() ? some_error(path) : text;
    }

    const LoadReport& report;
    Diagnostics errors;
    std::string directory;
};

StatusKeeper::StatusKeeper(const ServedData& data, StatusBoard& board, const Clock& clock)
    : data_(data), board_(board), clock_(clock) {}

void StatusKeeper::note_settings(const zones::Diagnostics& errors,
                                 std::vector<std::string> needs_restart) {
    status_.configuration_error = errors.empty() ? "" : zones::to_line(errors.front());
    status_.needs_restart = std::move(needs_restart);
}

void StatusKeeper::note_overrides(const zones::Diagnostics& errors, bool is_unknown) {
    std::string error = errors.empty() ? "" : zones::to_line(errors.front());
    const bool was_unknown = std::exchange(status_.overrides_unknown, is_unknown);
    const std::string before = std::exchange(status_.overrides_error, error);
    if (before == error && was_unknown == is_unknown) { return; }
    board_.post_edit(status_, {}, {});
}

void StatusKeeper::note_start(const LoadReport& report) {
    note(report);
    is_started_ = true;
    post_all();
}

ReloadOutcome StatusKeeper::note_reload(const LoadReport& report, std::chrono::milliseconds took) {
    note(report);
    const ReloadResult result = result_of(report);
    if (!change_.empty()) { status_.last_change = {now(), status_.generation, change_}; }
    status_.last_reload = {now(), took.count(), result};
    if (report.replaced) {
        board_.post_edit(status_, rows_of(report.looked_at), report.looked_at);
    } else {
        post_all();
    }
    return {result,  status_.generation,   took.count(), report.all_diagnostics(),
            change_, status_.needs_restart};
}

ReloadOutcome StatusKeeper::note_failure(const std::string& reason,
                                         std::chrono::milliseconds took) {
    status_.last_reload = {now(), took.count(), ReloadResult::Failed};
    board_.post_edit(status_, {}, {});
    Diagnostic diagnostic;
    diagnostic.text = reason;
    return {ReloadResult::Failed, status_.generation, took.count(), {std::move(diagnostic)}, {},
            status_.needs_restart};
}

void StatusKeeper::note(const LoadReport& report) {
    if (report.snapshot) { status_.generation = report.snapshot->generation(); }
    const DatabaseStatus database =
        std::exchange(status_.database, describe_database(*data_.atlas(), report.database_error));
    status_.held_back = held_back_text(report);
    status_.zones_directory = absolute_path(data_.paths().zones_directory);
    if (report.replaced) {
        describe_edit(*report.replaced);
    } else {
        describe_zones(report);
    }
    if (report.database_changed && report.snapshot) {
        change_.database = DatabaseChange{status_.database.type, status_.database.build_epoch,
                                          database.type, database.build_epoch};
    }
    status_.ready = !data_.files().empty();
}

void StatusKeeper::post_all() {
    LoadStatus status = status_;
    status.zones = std::move(zones_);
    zones_.clear();
    board_.post(std::move(status), seen_files(data_));
}

std::int64_t StatusKeeper::now() const {
    return unix_seconds(clock_.wall());
}

void StatusKeeper::describe_zones(const LoadReport& report) {
    const Findings findings(report, data_.paths().zones_directory);
    const LoadTimes before = std::exchange(loaded_, {});
    zones_.clear();
    zones_.reserve(count_zones(data_.files()));
    std::set<std::string> reported;  // files whose errors stand at a zone
    for (const auto& [path, loaded] : data_.files()) {
        for (const auto& zone : loaded->zones) {
            const auto known = before.find(zone);
            loaded_.emplace(zone, known == before.end() ? now() : known->second);
        }
        describe_file(path, *loaded, findings);
        if (!findings.is_old(path)) { continue; }
        for (const Diagnostic& error : findings.errors) {
            if (concerns(error, path, *loaded)) { reported.insert(error.file); }
        }
    }
    // All zones of a start are new, which is no change.
    change_ = is_started_ ? change_between(before, loaded_) : LoadChange{};
    status_.files_with_errors.clear();
    for (const Diagnostic& error : findings.errors) {
        // A change that is held back has its own line in the status.
        if (is_from_guard(error) || !reported.insert(error.file).second) { continue; }
        status_.files_with_errors.push_back({error.file, zones::to_line(error)});
    }
    for (const std::string& path : report.files_with_errors()) {
        if (data_.files().contains(path) || !reported.insert(path).second) { continue; }
        status_.files_with_errors.push_back({path, some_error(path)});
    }
}

/// The other zones are as they were, and there are no errors.
void StatusKeeper::describe_edit(const ZonesByFile& replaced) {
    LoadTimes before;
    LoadTimes after;
    for (const auto& [path, old] : replaced) {
        const LoadedFile& loaded = *data_.files().at(path);
        for (const LoadedZone& zone : old->zones) {
            before.insert(loaded_.extract(zone));
        }
        for (const LoadedZone& zone : loaded.zones) {
            after.emplace(zone, now());
        }
    }
    change_ = change_between(before, after);
    loaded_.merge(after);
}

/// Of the zone files among those that were looked at: also one of the same text has another time.
ZonesOfFiles StatusKeeper::rows_of(const SourceLook& looked_at) const {
    ZonesOfFiles rows;
    for (const auto& [path, state] : looked_at) {
        const auto file = data_.files().find(path);
        if (file == data_.files().end()) { continue; }
        for (const LoadedZone& zone : file->second->zones) {
            rows[path].push_back(row_of(path, *file->second, zone));
        }
    }
    return rows;
}

/// Of a zone that is served as its file has it.
ZoneStatus StatusKeeper::row_of(const std::string& path, const LoadedFile& loaded,
                                const LoadedZone& zone) const {
    return {.name = zone.apex().to_text(),
            .serial = zone.serial(),
            .file = path,
            .loaded = loaded_.at(zone),
            .modified = loaded.newest(),
            .warning = warning_of(path, zone)};
}

void StatusKeeper::describe_file(const std::string& path, const LoadedFile& loaded,
                                 const Findings& findings) {
    const bool is_old = findings.is_old(path);
    const std::string text = is_old ? findings.reason(path, loaded) : "";
    for (const auto& zone : loaded.zones) {
        zones_.push_back(row_of(path, loaded, zone));
        zones_.back().error = text;
        zones_.back().from = is_old ? ServedFrom::LastGood : ServedFrom::File;
    }
}

}  // namespace meridian::server
