// Reads the zones directory and compares it with what is served.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/zones_reader.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "meridian/zones/library.h"
#include "server/sources/loads_in_order.h"
#include "server/sources/passed_over.h"
#include "server/sources/signed_zones.h"
#include "server/sources/source_diagnostics.h"
#include "server/sources/zone_parts.h"
#include "server/state/file_text.h"

namespace meridian::server {

bool has_version(const ZonesByFile& files, const std::string& path,
                 const std::shared_ptr<LoadedFile>& version) {
    const auto found = files.find(path);
    return found != files.end() && found->second == version;
}

ZonesByFile versions_not_in(const ZonesByFile& others, const ZonesByFile& files) {
    ZonesByFile found;
    for (const auto& [path, file] : files) {
        if (!has_version(others, path, file)) { found.emplace(path, file); }
    }
    return found;
}

std::vector<ZoneSummary> summaries_of(const ZonesByFile& files) {
    std::vector<ZoneSummary> summaries;
    for (const auto& [path, file] : files) {
        summaries.insert(summaries.end(), file->summaries.begin(), file->summaries.end());
    }
    return summaries;
}

std::size_t count_zones(const ZonesByFile& files) {
    return std::accumulate(
        files.begin(), files.end(), std::size_t{0},
        [](std::size_t count, const auto& file) { return count + file.second->zones.size(); });
}

ZonesInDirectory ZonesReader::read(const std::string& directory, LoadReport& report) {
    const auto listing = list_zone_files(directory);
    look_at_listing(directory, listing, seen_);  // before anything is read
    return read(directory, listing, report);
}

ZonesInDirectory ZonesReader::read(const std::string& directory,
                                   const Result<ZoneFiles, std::string>& listing,
                                   LoadReport& report) {
    if (!listing) {  // it is unknown what the operator wants, so --force removes nothing
        report.directory_unreadable = true;
        report.diagnostics.push_back(zones::diagnostic_of(
            diagnostics::kUnreadableDirectory, directory, {}, {}, {listing.error(), then()}));
        return {running_, {}};
    }
    read_zone_files(listing->paths, report);
    read_master_files(listing->paths, report);
    find_removed(listing->paths, report);
    report_passed_over(directory, listing->passed_over, report);
    report.diagnostics = zones::merged_by_position(std::move(report.diagnostics));
    if (found_.zones.empty()) { judge_no_zone(directory, listing->paths.empty(), report); }
    return std::move(found_);
}

/// With errors, it is unknown what the operator wants, so the running zones stay. Without an error
/// the operator removed all zones: a guard holds that back, and `--force` lets it through.
void ZonesReader::judge_no_zone(const std::string& directory, bool has_no_files,
                                LoadReport& report) {
    if (!zones::has_errors(report.diagnostics)) {
        if (!running_.empty() || !last_good_.empty()) { return; }
        report.diagnostics.push_back(zones::diagnostic_of(
            has_no_files ? diagnostics::kNoZoneFiles : diagnostics::kOnlyLibraries, directory, {},
            {}));
        return;
    }
    if (running_.empty()) { return; }
    report.diagnostics.push_back(
        zones::diagnostic_of(diagnostics::kNoSoundZone, directory, {}, {}));
    found_.zones = running_;
    for (const std::string& path : report.files(FileFate::Removed)) {
        report.set_fate(path, FileFate::Gone);
    }
}

/// What is served when the directory gives no zones, as the end of a sentence.
std::string ZonesReader::then() const {
    if (!running_.empty()) { return "; what is served stays as it is"; }
    return last_good_.empty() ? "" : "; what was served last is still served";
}

void ZonesReader::read_zone_files(const std::vector<std::string>& paths, LoadReport& report) {
    const auto end = std::ranges::find_if(paths, is_master_file);  // they come last
    const std::span<const std::string> files(paths.begin(), end);
    NoZones no_zones;
    const auto take_one = [&](std::size_t number, ZoneLoading loading) {
        const std::string& path = files[number];
        finish(path, loading);
        note_libraries(path, loading.named);
        if (loading.loaded) {
            take(path, std::move(loading), report);
        } else {
            if (!loading.is_library) { broken_.add(path); }
            no_zones.emplace_back(path, std::move(loading));
        }
    };
    load_in_order(
        files.size(), load_thread_count(), [&](std::size_t number) { return load(files[number]); },
        take_one);
    note_named_files();
    for (auto& [path, loading] : no_zones) {  // after all files that may use them
        take_without_zone(path, std::move(loading), report);
    }
}

void ZonesReader::read_master_files(const std::vector<std::string>& paths, LoadReport& report) {
    const std::vector<std::string> files = whole_master_files(paths, report);
    load_in_order(
        files.size(), load_thread_count(), [&](std::size_t number) { return load(files[number]); },
        [&](std::size_t number, ZoneLoading loading) {
            finish(files[number], loading);
            take(files[number], std::move(loading), report);
        });
    note_named_files();
}

/// The master files that are zones of their own.
std::vector<std::string> ZonesReader::whole_master_files(const std::vector<std::string>& paths,
                                                         LoadReport& report) {
    const ZoneParts parts(found_.zones);
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        if (!is_master_file(path)) { continue; }
        const std::string* whole = parts.whole_of(path);
        if (whole != nullptr) {
            found_.parts[path] = *whole;
            continue;
        }
        const bool is_known = running_at(path) != nullptr || last_good_.contains(path);
        const std::string* broken = is_known ? nullptr : broken_.wanting(path);
        if (broken != nullptr) {
            report.not_read.push_back({path, *broken});
        } else {
            files.push_back(path);
        }
    }
    return files;
}

/// Files that a zone file names are left out: they are read, or would be without its error.
void ZonesReader::report_passed_over(const std::string& directory, std::vector<std::string> paths,
                                     LoadReport& report) const {
    FileIds read;
    if (!paths.empty()) {
        for (const auto& [path, state] : seen_) {
            read.emplace(file_id_in(state));
        }
    }
    std::erase_if(paths, [&](const std::string& path) {
        return seen_.contains(path) || read.contains(file_id_in(file_state_of(path)));
    });
    broken_.leave_out_named(paths);
    auto warning = passed_over_warning(directory, paths);
    if (warning) { report.diagnostics.push_back(std::move(*warning)); }
}

void ZonesReader::find_removed(const std::vector<std::string>& paths, LoadReport& report) {
    const FileNames listed(paths.begin(), paths.end());
    for (const auto& [path, zone] : running_) {
        if (!listed.contains(path) || found_.parts.contains(path)) {
            report.set_fate(path, FileFate::Removed);
        }
    }
}

/// On any thread.
ZoneLoading ZonesReader::load(const std::string& path) {
    const auto seen = seen_.find(path);
    const std::string state = seen == seen_.end() ? std::string() : seen->second;
    if (is_unfinished(state)) {
        ZoneLoading none;
        none.diagnostics = {zones::diagnostic_of(diagnostics::kUnfinishedFile, path, {}, {})};
        return none;
    }
    const std::shared_ptr<LoadedFile> running = running_at(path);
    const bool is_as_before = running != nullptr && running->shows_each_change &&
                              running->state == state && is_known_unchanged(running->named, shelf_);
    if (is_as_before) { return {running, true, false, running->named, {}}; }
    return load_zone(path, running, serials_, shelf_, unfinished_, state, commands_);
}

/// What is left to do of it on the thread of this reader.
void ZonesReader::finish(const std::string& path, ZoneLoading& loading) {
    const auto seen = seen_.find(path);
    if (seen != seen_.end() && is_unfinished(seen->second)) {
        seen->second = kUnfinished;
        return;
    }
    const std::shared_ptr<LoadedFile> running = running_at(path);
    judge_signatures(loading, {running.get(), find_saved(last_good_, path), serials_.served});
    for (const NamedFileState& file : loading.named) {
        named_seen_.emplace(file.path, file.state);
    }
}

/// Once no thread looks at `seen_` any more.
void ZonesReader::note_named_files() {
    for (const auto& [path, state] : named_seen_) {
        if (is_unfinished(state)) {
            seen_[path] = kUnfinished;
        } else {
            seen_.emplace(path, state);
        }
    }
    named_seen_.clear();
}

std::shared_ptr<LoadedFile> ZonesReader::running_at(const std::string& path) const {
    const auto found = running_.find(path);
    return found == running_.end() ? nullptr : found->second;
}

void ZonesReader::take(const std::string& path, ZoneLoading loading, LoadReport& report) {
    zones::append(report.diagnostics, std::move(loading.diagnostics));
    if (loading.loaded && loading.unchanged) {
        found_.zones.insert_or_assign(found_.zones.end(), path, std::move(loading.loaded));
        return;
    }
    const std::shared_ptr<LoadedFile> running = running_at(path);
    if (!loading.loaded) {
        report.set_fate(path, FileFate::Faulty);
        if (running != nullptr) { found_.zones[path] = running; }
        return;
    }
    on_read_(*loading.loaded);
    found_.zones[path] = std::move(loading.loaded);
    report.set_fate(path, running == nullptr ? FileFate::Added : FileFate::Changed);
}

/// A library that zone files use is no faulty zone: its users report its errors.
void ZonesReader::take_without_zone(const std::string& path, ZoneLoading loading,
                                    LoadReport& report) {
    const bool runs = running_at(path) != nullptr;
    const std::string* user = user_of(path);
    if (user != nullptr && (!runs || loading.is_library)) {
        found_.parts[path] = *user;
        return;
    }
    if (!loading.is_library) { return take(path, std::move(loading), report); }
    if (runs) {
        loading.diagnostics = {zones::report_zone_became_library(path)};
        return take(path, std::move(loading), report);
    }
    report.diagnostics.push_back(zones::report_unused_library(path));
    zones::append(report.diagnostics, std::move(loading.diagnostics));
}

void ZonesReader::note_libraries(const std::string& user,
                                 const std::vector<NamedFileState>& named) {
    for (const NamedFileState& file : named) {
        if (file.kind != zones::FileKind::Library) { continue; }
        library_users_.emplace(file.path, user);
        if (!file.state.empty()) { library_users_.emplace(file.state, user); }
    }
}

/// The zone file that uses the library `path`, also under another name. Null if none does.
const std::string* ZonesReader::user_of(const std::string& path) const {
    auto found = library_users_.find(path);
    if (found == library_users_.end()) { found = library_users_.find(file_state_of(path)); }
    return found == library_users_.end() ? nullptr : &found->second;
}

}  // namespace meridian::server
