// Reads the zones directory and the database for a load or reload.
//
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "server/sources/guards.h"
#include "server/sources/served_data.h"

namespace meridian::server {

ServedData::Candidate ServedData::read_everything(LoadReport& report, bool force,
                                                  const FileIds& unfinished) {
    Candidate candidate;
    candidate.atlas = atlas_;
    // Before anything is read, so that the next look notices a change in between.
    seen_.clear();
    look_at_files(paths_.databases, seen_);
    const auto listing = list_zone_files(paths_.zones_directory);
    look_at_listing(paths_.zones_directory, listing, seen_);
    if (!leave_database(unfinished, report)) { read_database(candidate, report, force); }
    ZonesReader reader(
        zones_, last_good_.files(), serial_sources(), unfinished, seen_,
        [this](const LoadedFile& file) { compile_early(file); }, command_names());
    auto [zones, parts] = reader.read(paths_.zones_directory, listing, report);
    candidate.zones = std::move(zones);
    candidate.parts = std::move(parts);
    if (!state_.saves()) {
        for (auto& [path, loaded] : candidate.zones) {
            loaded->forget_texts();
        }
    }
    return candidate;
}

/// Whether the database stays as it is because one of its files is being written.
bool ServedData::leave_database(const FileIds& unfinished, LoadReport& report) {
    for (const std::string& path : paths_.databases) {
        std::string& state = seen_[path];
        if (!unfinished.contains(file_id_in(state))) { continue; }
        state = kUnfinished;
        report.database_error =
            path + ": it is being written; it is read when it is closed, or unchanged for 5 s";
    }
    return !report.database_error.empty();
}

void ServedData::read_database(Candidate& candidate, LoadReport& report, bool force) {
    if (force) { database_.try_again(); }
    auto atlas = database_.read_if_changed(copies_, state_);
    if (atlas && *atlas == nullptr) { return; }
    const std::shared_ptr<const geo::Atlas> before = database_before();
    if (!atlas) {
        report.database_error = atlas.error();
    } else if (before != nullptr && !force) {
        const std::string why = why_held_back(before->info(), (*atlas)->info());
        report.database_held_back = !why.empty();
        if (!why.empty()) {
            report.database_error = paths_.databases.front() + ": " + why + "; " +
                                    describe(before->info()) + " stays in place of " +
                                    describe((*atlas)->info()) + " until `meridian reload --force`";
        }
    }
    if (report.database_error.empty()) {
        candidate.atlas = *atlas;
        report.database_warnings = shortcomings_of((*atlas)->info());
        if (before != nullptr) {
            report.database_change =
                describe(before->info()) + " became " + describe((*atlas)->info());
        }
    } else {
        database_.refuse();
        candidate.atlas = before;
    }
    report.database_changed = candidate.atlas != atlas_;
}

/// The database in use. At a start, the one that was served last, unless it was just read.
std::shared_ptr<const geo::Atlas> ServedData::database_before() {
    if (atlas_ != nullptr || database_.is_copy() || last_good_.files().empty()) { return atlas_; }
    return copies_.find_atlas(state_, {}, paths_.databases);
}

}  // namespace meridian::server
