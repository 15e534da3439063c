// Turns the zones directory and the geo database into snapshots, at start and at every reload.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/served_data.h"

#include <malloc.h>

#include <chrono>
#include <utility>

#include "server/sources/source_diagnostics.h"
#include "server/sources/zone_check.h"

namespace meridian::server {

namespace {

constexpr std::size_t kNamesWorthTrimming = 10'000;  // of models: megabytes

}  // namespace

ServedData::ServedData(DataPaths paths, StateDirectory state, const Clock& clock)
    : paths_(std::move(paths)),
      database_(paths_.databases),
      state_(std::move(state)),
      copies_(paths_.least_saved_leaves),
      clock_(clock),
      serials_(SerialStore::read(state_, state_warning_)),
      last_good_(LastGood::read(state_, last_good_warning_)) {}

LoadReport ServedData::load() {
    LoadReport report;
    is_all_fresh_ = true;
    for (std::string* warning : {&state_warning_, &last_good_warning_}) {
        if (warning->empty()) { continue; }
        report_state(std::exchange(*warning, {}), report);
    }
    Candidate candidate = read_everything(report, false, {});
    if (last_good_.files().empty()) {
        const bool is_clean = report.clean();
        // Compiled despite errors, so that the operator gets all diagnostics at once.
        if (candidate.atlas == nullptr) { candidate.atlas = world_of_no_places(); }
        if (candidate.zones.empty() || !compile(candidate, report) || !is_clean) { return report; }
        report.snapshot = candidate.snapshot;
        accept(std::move(candidate));
        is_simple_ = is_simple(report);
        return report;
    }
    fall_back(candidate, report);
    // Another start would have no more to serve, and this one would take the zone out of service.
    if (report.lacks_copy && !report.directory_unreadable) { return report; }
    if (candidate.atlas != nullptr && !candidate.zones.empty()) {
        compile_what_can_be(std::move(candidate), report);
        is_simple_ = is_simple(report);
    }
    return report;
}

LoadReport ServedData::reload(bool force, const FileIds& unfinished) {
    LoadReport report;
    if (!force && unfinished.empty() && is_as_read()) {
        report.replaced.emplace();  // an edit of nothing
        return report;
    }
    is_simple_ = false;
    is_all_fresh_ = true;
    Candidate candidate = read_everything(report, force, unfinished);
    if (force && !report.directory_unreadable) {
        last_good_.forget_unusable();
        save_from_start();
    }
    if (!force) { hold_back_losses(candidate, report); }
    compile_what_can_be(std::move(candidate), report);
    is_simple_ = is_simple(report);
    return report;
}

void ServedData::give_back_memory() {
    const bool is_all = std::exchange(is_all_fresh_, false);
    std::size_t names = std::exchange(forgotten_names_, 0);
    for (const LoadedZone& zone : std::exchange(fresh_zones_, {})) {
        if (zone.forget_model()) {
            names += zone.compiled() ? zone.compiled()->facts().owner_count : 1;
        }
    }
    if (is_all) {
        for (auto& [path, loaded] : zones_) {
            for (const LoadedZone& zone : loaded->zones) {
                names += zone.forget_model() ? kNamesWorthTrimming : 0;
            }
        }
    }
    // Looking for free pages takes longer than reading a small zone.
    if (names >= kNamesWorthTrimming) { malloc_trim(0); }
}

void ServedData::use(DataPaths paths) {
    if (paths == paths_) { return; }
    if (paths.databases != paths_.databases) { database_ = DatabaseSource(paths.databases); }
    paths_ = std::move(paths);
    is_simple_ = false;
}

SourceLook ServedData::look() const {
    SourceLook now;
    look_at_directory(paths_.zones_directory, now);
    for (const auto& [path, state] : seen_) {
        if (!now.contains(path)) { look_at_files({path}, now); }
    }
    return now;
}

bool ServedData::looks_as_seen() const {
    const auto listing = list_zone_files(paths_.zones_directory);
    if (!listing) { return look() == seen_; }
    const auto is_as_seen = [this](const std::string& path) {
        const auto known = seen_.find(path);
        return known != seen_.end() && known->second == file_state_of(path);
    };
    if (!std::ranges::all_of(listing->paths, is_as_seen)) { return false; }
    if (listing->paths.size() == seen_.size()) { return true; }
    const FileNames listed(listing->paths.begin(), listing->paths.end());
    return std::ranges::all_of(seen_, [&](const auto& file) {
        return listed.contains(file.first) || file.second == file_state_of(file.first);
    });
}

void ServedData::accept(Candidate candidate) {
    atlas_ = std::move(candidate.atlas);
    const ZonesByFile before = std::exchange(zones_, std::move(candidate.zones));
    snapshot_ = std::move(candidate.snapshot);
    compiler_.accept();
    ++generation_;
    database_.accept();
    is_all_fresh_ = true;
    remember_serials(before);
    unsaved_edits_.clear();
    save_from_start();
}

void ServedData::add_serials(const LoadedFile& file, SerialStore::Serials& serials) {
    for (std::size_t i = 0; i < file.zones.size(); ++i) {
        const LoadedZone& zone = file.zones[i];
        serials.emplace(zone.apex(), zones::ServedSerial{file.contents[i], zone.serial()});
    }
}

void ServedData::remember_serials(const ZonesByFile& before) {
    SerialStore::Serials news;
    for (const auto& [path, loaded] : zones_) {
        if (!has_version(before, path, loaded)) { add_serials(*loaded, news); }
    }
    if (serials_.remember_more(news)) { return; }
    SerialStore::Serials all;
    for (const auto& [path, loaded] : zones_) {
        add_serials(*loaded, all);
    }
    serials_.remember(all);
}

SerialSources ServedData::serial_sources() const {
    return {serials_, unix_seconds(clock_.wall())};
}

void ServedData::report_state(const std::string& warning, LoadReport& report) const {
    report.diagnostics.push_back(
        zones::diagnostic_of(diagnostics::kStateTrouble, state_.path(), {}, {}, {warning}));
}

}  // namespace meridian::server
