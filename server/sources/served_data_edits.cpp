// Reads the files that an edit changed, and leaves everything else as it is.
//
// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "meridian/zones/compiler.h"
#include "server/sources/check_load.h"
#include "server/sources/guards.h"
#include "server/sources/loads_in_order.h"
#include "server/sources/served_data.h"
#include "server/sources/signed_zones.h"
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

/// An ordinary file that has this name alone.
bool has_one_name(const std::string& path) {
    struct stat status{};
    return lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1;
}

bool name_the_same_files(const LoadedFile& one, const LoadedFile& other) {
    return std::ranges::equal(one.named, other.named, [](const auto& left, const auto& right) {
        return left.path == right.path && left.asked == right.asked && left.kind == right.kind;
    });
}

bool have_the_same_apexes(const LoadedFile& one, const LoadedFile& other) {
    return std::ranges::equal(one.zones, other.zones, {}, &LoadedZone::apex, &LoadedZone::apex);
}

}  // namespace

/// Whether one file alone decides over each warning.
bool ServedData::are_of_one_file(const LoadReport& report) const {
    return !report.compares_files &&
           std::ranges::all_of(report.diagnostics, [this](const zones::Diagnostic& warning) {
               return zones_.contains(warning.file);
           });
}

/// Whether nothing of a load is to be judged anew when one of its files changes: no error, no
/// warning of several files, no file of two names, and no file that is both a zone file and named
/// by one.
bool ServedData::is_simple(const LoadReport& report) const {
    const bool is_sound = report.clean() && report.not_read.empty() &&
                          report.files_with_errors().empty() && are_of_one_file(report);
    if (!is_sound || snapshot_ == nullptr) { return false; }
    std::unordered_set<std::string_view> ids;
    for (const auto& [path, state] : seen_) {
        if (!ids.insert(file_id_in(state)).second) { return false; }
    }
    return std::ranges::none_of(zones_, [this](const auto& file) {
        return std::ranges::any_of(file.second->named, [this](const NamedFileState& named) {
            return zones_.contains(named.path);
        });
    });
}

/// Whether a look shows that a load would find everything as it was read last, without reading any
/// of it.
bool ServedData::is_as_read() const {
    const auto shows_change = [](const auto& file) { return file.shows_each_change; };
    return is_simple_ && !compiler_.has_outdated() &&
           std::ranges::all_of(zones_,
                               [&](const auto& file) {
                                   return shows_change(*file.second) &&
                                          std::ranges::all_of(file.second->named, shows_change);
                               }) &&
           looks_as_seen();
}

std::optional<LoadReport> ServedData::reload_files(const std::set<std::string>& paths) {
    if (!std::exchange(is_simple_, false)) { return {}; }
    LoadReport report;
    Edit edit;
    if (!read_edit(paths, edit, report)) { return {}; }
    if (!edit.now.empty()) {
        const std::vector<ZoneSummary> before = summaries_of(edit.before);
        const std::size_t same = snapshot_->zone_count() - before.size();
        const Losses losses =
            find_losses(before, summaries_of(edit.now), paths_.zones_directory, same);
        if (!losses.files.empty()) { return {}; }
        report.snapshot = compile_edit(edit, report);
        if (report.snapshot == nullptr) {
            compiler_.reject();
            return {};
        }
        for (const auto& [path, file] : edit.now) {
            report.set_fate(path, FileFate::Changed);
        }
        accept_edit(edit, report.snapshot);
    }
    for (const auto& [path, state] : edit.states) {
        seen_[path] = state;
    }
    report.replaced = std::move(edit.before);
    report.looked_at = std::move(edit.states);
    is_simple_ = are_of_one_file(report);
    return report;
}

/// Null where it has errors, which a load of all files reports.
std::shared_ptr<const zones::Snapshot> ServedData::compile_edit(const Edit& edit,
                                                                LoadReport& report) {
    zones::LinkInput input{link_input(), {}};
    zones::Diagnostics diagnostics;
    input.zones = compiler_.compile_edit(edit.now, diagnostics);
    if (zones::has_errors(diagnostics)) { return {}; }
    auto linked = compiler_.link_edit(input);
    if (!linked) { return {}; }
    if (!check_load(**linked, paths_.max_probes, paths_.zones_directory).empty()) { return {}; }
    zones::append(diagnostics, zones::check_delegations(**linked, input.zones));
    report.compares_files = !diagnostics.empty();
    zones::append(report.diagnostics, std::move(diagnostics));
    return std::move(linked).value();
}

void ServedData::accept_edit(const Edit& edit, std::shared_ptr<const zones::Snapshot> snapshot) {
    SerialStore::Serials serials;
    for (const auto& [path, file] : edit.now) {
        add_serials(*file, serials);
        zones_.at(path) = file;
        unsaved_edits_.insert_or_assign(path, file);
        fresh_zones_.insert(fresh_zones_.end(), file->zones.begin(), file->zones.end());
    }
    serials_.remember_edit(serials, state_);  // before a resolver sees one of them
    snapshot_ = std::move(snapshot);
    compiler_.accept_edit();
    ++generation_;
}

/// False where a look at all files is needed.
bool ServedData::read_edit(const std::set<std::string>& paths, Edit& edit, LoadReport& report) {
    std::set<std::string> to_read;
    for (const std::string& path : paths) {
        const auto seen = seen_.find(path);
        if (seen == seen_.end() || seen->second.empty() || !has_one_name(path)) { return false; }
        const std::size_t before = to_read.size();
        if (zones_.contains(path)) {
            to_read.insert(path);
        } else {
            for (const auto& [user, file] : zones_) {
                if (file->reads(path, {})) { to_read.insert(user); }
            }
            if (to_read.size() == before) { return false; }
        }
    }
    const std::vector<std::string> files(to_read.begin(), to_read.end());
    LibraryShelf shelf;
    std::atomic<bool> is_edit = true;
    load_in_order(
        files.size(), load_thread_count(),
        [&](std::size_t number) {
            if (!is_edit) { return ZoneLoading{}; }
            const std::string& path = files[number];
            return load_zone(path, zones_.at(path), serial_sources(), shelf, {}, {},
                             command_names());
        },
        [&](std::size_t number, ZoneLoading loading) {
            is_edit = is_edit && take_edited(files[number], std::move(loading), edit, report);
        });
    report.diagnostics = zones::merged_by_position(std::move(report.diagnostics));
    return is_edit;
}

/// False where it is more than another text of the same zones.
bool ServedData::take_edited(const std::string& path, ZoneLoading loading, Edit& edit,
                             LoadReport& report) {
    const std::shared_ptr<LoadedFile> running = zones_.at(path);
    judge_signatures(loading, {running.get(), find_saved(last_good_.files(), path), serials_});
    const bool is_edit = loading.loaded && !zones::has_errors(loading.diagnostics) &&
                         name_the_same_files(*running, *loading.loaded) &&
                         have_the_same_apexes(*running, *loading.loaded);
    if (!is_edit) { return false; }
    edit.states[path] = loading.loaded->state;
    for (const NamedFileState& named : loading.loaded->named) {
        edit.states[named.path] = named.state;
    }
    zones::append(report.diagnostics, std::move(loading.diagnostics));
    if (loading.unchanged) { return true; }
    if (!state_.saves()) { loading.loaded->forget_texts(); }
    edit.before[path] = running;
    edit.now[path] = std::move(loading.loaded);
    return true;
}

}  // namespace meridian::server
