// Reads the zones directory beside what is served of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/zones_reader.h"

#include <utility>

#include "meridian/zones/library.h"
#include "server/sources/file_readers.h"
#include "server/sources/file_text.h"
#include "server/sources/signed_zones.h"
#include "server/sources/source_messages.h"

namespace meridian::server {

ZonesInDirectory ZonesReader::read(const std::string& directory, bool force, LoadReport& report) {
    const auto listing = list_zone_files(directory);
    if (!listing) {  // says nothing of what the operator wants, so no force takes anything away
        report.directory_unreadable = true;
        report.diagnostics.push_back(zones::diagnostic_of(messages::kUnreadableDirectory, directory,
                                                          {}, {}, {listing.error(), then()}));
        return {running_, {}};
    }
    if (listing->paths.empty()) {
        if (force && !running_.empty()) {
            find_removed({}, report);
            return {};
        }
        report.diagnostics.push_back(
            zones::diagnostic_of(messages::kNoZoneFiles, directory, {}, {}, {then()}));
        return {running_, {}};
    }
    read_zone_files(listing->paths, report);
    read_master_files(listing->paths, report);
    find_removed(listing->paths, report);
    if (found_.zones.empty() && !running_.empty()) {
        report.diagnostics.push_back(
            zones::diagnostic_of(messages::kNoSoundZone, directory, {}, {}));
        found_.zones = running_;
        report.removed.clear();
    }
    report.diagnostics = zones::told_once(std::move(report.diagnostics));
    if (found_.zones.empty() && report.clean()) {
        report.diagnostics.push_back(
            zones::diagnostic_of(messages::kOnlyLibraries, directory, {}, {}));
    }
    return std::move(found_);
}

/// What becomes of the zones where nothing new can be had of them.
std::string ZonesReader::then() const {
    if (!running_.empty()) { return "; what runs goes on"; }
    return last_good_.empty() ? "" : "; what was served last is served on";
}

void ZonesReader::read_zone_files(const std::vector<std::string>& paths, LoadReport& report) {
    NoZones no_zones;
    for (const std::string& path : paths) {
        if (is_master_file(path)) { continue; }
        ZoneLoading loading = load(path);
        note_libraries(path, loading.named);
        if (loading.loaded) {
            take(path, std::move(loading), report);
        } else {
            if (!loading.is_library) { broken_.add(path); }
            no_zones.emplace_back(path, std::move(loading));
        }
    }
    for (auto& [path, loading] : no_zones) {  // all that may use them are read
        take_without_zone(path, std::move(loading), report);
    }
}

void ZonesReader::read_master_files(const std::vector<std::string>& paths, LoadReport& report) {
    const FileReaders readers(found_.zones);
    for (const std::string& path : paths) {
        if (!is_master_file(path)) { continue; }
        const std::string* whole = readers.of(path);
        if (whole != nullptr) {
            found_.parts[path] = *whole;
            continue;
        }
        const bool is_known = running_at(path) != nullptr || last_good_.contains(path);
        const std::string* broken = is_known ? nullptr : broken_.wanting(path);
        if (broken != nullptr) {
            report.not_read.push_back({path, *broken});
            continue;
        }
        take(path, load(path), report);
    }
}

void ZonesReader::find_removed(const std::vector<std::string>& paths, LoadReport& report) {
    const FileNames listed(paths.begin(), paths.end());
    for (const auto& [path, zone] : running_) {
        if (!listed.contains(path) || found_.parts.contains(path)) {
            report.removed.push_back(path);
        }
    }
}

ZoneLoading ZonesReader::load(const std::string& path) {
    if (unfinished_.contains(file_id_in(seen_[path]))) {
        seen_[path] = kUnfinished;
        ZoneLoading none;
        none.diagnostics = {zones::diagnostic_of(messages::kUnfinishedFile, path, {}, {})};
        return none;
    }
    const LoadedFile* running = running_at(path);
    ZoneLoading loading = load_zone(path, running, serials_, shelf_, unfinished_);
    const auto kept = last_good_.find(path);
    judge_signatures(
        loading, {running, kept == last_good_.end() ? nullptr : &kept->second, serials_.served});
    for (const NamedFileState& file : loading.named) {
        seen_.emplace(file.path, file.stamp);
        if (unfinished_.contains(file_id_in(file.stamp))) { seen_[file.path] = kUnfinished; }
    }
    return loading;
}

const LoadedFile* ZonesReader::running_at(const std::string& path) const {
    const auto found = running_.find(path);
    return found == running_.end() ? nullptr : &found->second;
}

void ZonesReader::take(const std::string& path, ZoneLoading loading, LoadReport& report) {
    const LoadedFile* running = running_at(path);
    zones::append(report.diagnostics, std::move(loading.diagnostics));
    if (!loading.loaded) {
        report.kept.push_back(path);
        if (running != nullptr) { found_.zones[path] = *running; }
        return;
    }
    found_.zones[path] = std::move(*loading.loaded);
    if (!loading.unchanged) {
        (running == nullptr ? report.added : report.changed).push_back(path);
    }
}

/// A library of zones beside it is no zone with an error: what is wrong with it, they tell.
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
        loading.diagnostics = {zones::tell_zone_became_library(path)};
        return take(path, std::move(loading), report);
    }
    report.diagnostics.push_back(zones::tell_unused_library(path));
    zones::append(report.diagnostics, std::move(loading.diagnostics));
}

void ZonesReader::note_libraries(const std::string& user,
                                 const std::vector<NamedFileState>& named) {
    for (const NamedFileState& file : named) {
        if (file.kind != zones::FileKind::Library) { continue; }
        library_users_.emplace(file.path, user);
        if (!file.stamp.empty()) { library_users_.emplace(file.stamp, user); }
    }
}

/// The zone file that uses the library `path`, be it under another name; null when none does.
const std::string* ZonesReader::user_of(const std::string& path) const {
    auto found = library_users_.find(path);
    if (found == library_users_.end()) { found = library_users_.find(stamp_of(path)); }
    return found == library_users_.end() ? nullptr : &found->second;
}

}  // namespace meridian::server
