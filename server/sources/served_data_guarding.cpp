// Puts the last good version of a file in the place of one that is faulty or held back.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "server/sources/guards.h"
#include "server/sources/served_data.h"
#include "server/sources/source_diagnostics.h"

namespace meridian::server {

/// Makes the saved version of a file the running one. False if there is none, or it cannot be used,
/// which is an error.
bool ServedData::restore(const std::string& path, LoadReport& report) {
    if (!last_good_.knows(path)) { return false; }
    save_from_start();  // it may find a damaged text
    auto restored = last_good_.restore(path, state_, serial_sources());
    if (!restored) {
        report.lacks_copy = true;
        report.diagnostics.push_back(zones::diagnostic_of(diagnostics::kLostCopy, path, {}, {},
                                                          {restored.error(), state_.path()}));
        return false;
    }
    zones_.insert_or_assign(path, std::make_shared<LoadedFile>(std::move(restored).value()));
    return true;
}

/// At a start: a file that is faulty, or gone by accident, is served as it was served last.
void ServedData::fall_back(Candidate& candidate, LoadReport& report) {
    if (report.directory_unreadable) {  // a guard would suggest --force, which removes the zones
        for (const auto& [path, file] : last_good_.files()) {
            if (restore(path, report)) { candidate.zones[path] = zones_.at(path); }
        }
        return;
    }
    std::vector<ZoneSummary> before;
    for (const auto& [path, file] : last_good_.files()) {
        before.insert(before.end(), file.zones.begin(), file.zones.end());
    }
    for (const std::string& path : report.files_with_errors()) {
        if (!restore(path, report)) { continue; }
        candidate.zones[path] = zones_.at(path);
        report.diagnostics.push_back(zones::diagnostic_of(diagnostics::kLastGood, path, {}, {}));
    }
    hold_back(find_losses(before, summaries_of(candidate.zones), paths_.zones_directory), candidate,
              report);
}

void ServedData::hold_back_losses(Candidate& candidate, LoadReport& report) {
    const std::vector<ZoneSummary> before = summaries_of(versions_not_in(candidate.zones, zones_));
    if (before.empty()) { return; }
    const std::vector<ZoneSummary> after = summaries_of(versions_not_in(zones_, candidate.zones));
    const std::size_t same = count_zones(zones_) - before.size();
    hold_back(find_losses(before, after, paths_.zones_directory, same), candidate, report);
}

void ServedData::hold_back(Losses losses, Candidate& candidate, LoadReport& report) {
    zones::append(report.diagnostics, std::move(losses.diagnostics));
    std::erase_if(losses.files, [&](const std::string& file) {
        return !zones_.contains(file) && !restore(file, report);
    });
    put_back(losses.files, FileFate::HeldBack, candidate, report);
}

void ServedData::put_back(const std::vector<std::string>& files, FileFate fate,
                          Candidate& candidate, LoadReport& report) {
    for (const std::string& file : files) {
        const bool is_start = snapshot_ == nullptr;
        if (is_start && !zones_.contains(file) && restore(file, report)) {
            report.diagnostics.push_back(
                zones::diagnostic_of(diagnostics::kLastGood, file, {}, {}));
        }
        const auto running = zones_.find(file);
        if (running == zones_.end()) {
            candidate.zones.erase(file);
        } else {
            candidate.zones[file] = running->second;
        }
        report.set_fate(file, fate);
    }
    const FileNames back(files.begin(), files.end());
    for (const auto& [part, whole] : candidate.parts) {
        const auto alone = back.contains(whole) ? zones_.find(part) : zones_.end();
        if (alone == zones_.end()) { continue; }
        candidate.zones[part] = alone->second;
        if (!back.contains(part)) { report.set_fate(part, FileFate::Unchanged); }
    }
}

}  // namespace meridian::server
