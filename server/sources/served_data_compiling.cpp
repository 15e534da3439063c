// Compiles what was read, without the files that do not go together with the rest.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

#include "meridian/zones/compiler.h"
#include "server/sources/check_load.h"
#include "server/sources/served_data.h"
#include "server/sources/source_diagnostics.h"

namespace meridian::server {

namespace {

/// Whether one of `files` is the file at `path`, or one that it reads.
bool consists_of(const std::string& path, const LoadedFile& file, const FileNames& files) {
    return files.contains(path) || std::ranges::any_of(file.named, [&](const auto& named) {
               return files.contains(named.path);
           });
}

/// The files among `suspects` that an error points at, or all of them if it points elsewhere.
std::vector<std::string> blamed(const zones::Diagnostics& diagnostics,
                                const std::vector<std::string>& suspects, const ZonesByFile& read) {
    FileNames named;
    for (const zones::Diagnostic& entry : diagnostics) {
        if (entry.severity == zones::Severity::Error) { named.insert(entry.file); }
    }
    std::vector<std::string> files;
    for (const std::string& suspect : suspects) {
        if (consists_of(suspect, *read.at(suspect), named)) { files.push_back(suspect); }
    }
    return files.empty() ? suspects : files;
}

/// Files with a version that is not served yet: changed ones, then added ones.
std::vector<std::string> new_files(const LoadReport& report) {
    std::vector<std::string> files = report.files(FileFate::Changed);
    const std::vector<std::string> added = report.files(FileFate::Added);
    files.insert(files.end(), added.begin(), added.end());
    return files;
}

std::size_t size_of(const LoadedFile& file) {
    std::size_t records = 1;
    for (const ZoneSummary& zone : file.summaries) {
        records += zone.records;
    }
    return records;
}

}  // namespace

/// Models take several times the memory of compiled zones, so those of a large directory are not
/// all held at once. A zone that turns out to have others below it is read once more.
void ServedData::compile_early(const LoadedFile& file) {
    for (const LoadedZone& zone : file.zones) {
        try {
            const auto* compiled = compiler_.compile_early(zone);
            if (compiled == nullptr) { continue; }
            forgotten_names_ += compiled->facts().owner_count;
        } catch (const std::bad_alloc&) {
            return;  // `compile` comes to the same, and names the file to blame
        }
        zone.forget_model();
    }
}

/// Compiles again and again, each time without the new files that an error blames.
void ServedData::compile_what_can_be(Candidate candidate, LoadReport& report) {
    bool mends = compiler_.can_mend(candidate.zones, model_recaller());
    for (;; mends = false) {
        const std::vector<std::string> suspects = new_files(report);
        const std::vector<std::string> removed = report.files(FileFate::Removed);
        if (suspects.empty() && removed.empty() && !report.database_changed && !mends) {
            return compiler_.reject();
        }
        const std::size_t reported = report.diagnostics.size();
        if (compile(candidate, report)) { break; }
        if (suspects.empty()) {  // the new database or a removal is to blame: neither takes effect
            report.database_changed = false;
            for (const std::string& file : removed) {
                report.set_fate(file, FileFate::Unchanged);
            }
            return compiler_.reject();
        }
        const zones::Diagnostics news(report.diagnostics.begin() + static_cast<long>(reported),
                                      report.diagnostics.end());
        put_back(blamed(news, suspects, candidate.zones), FileFate::Faulty, candidate, report);
        if (report.lacks_copy && snapshot_ == nullptr) { return; }
    }
    report.snapshot = candidate.snapshot;
    accept(std::move(candidate));
}

/// If memory runs out, the largest new file is blamed.
bool ServedData::compile(Candidate& candidate, LoadReport& report) {
    try {
        return compile_within_memory(candidate, report);
    } catch (const std::bad_alloc&) {
        std::string largest = paths_.databases.front();  // to blame if no zone is new
        std::size_t most = 0;
        for (const std::string& file : new_files(report)) {
            const std::size_t size = size_of(*candidate.zones.at(file));
            if (size <= most) { continue; }
            most = size;
            largest = file;
        }
        report.diagnostics.push_back(
            zones::diagnostic_of(diagnostics::kNoMemoryToServe, largest, {}, {}));
        return false;
    }
}

bool ServedData::compile_within_memory(Candidate& candidate, LoadReport& report) {
    // New zones come last, so that a new zone is blamed if it clashes with a running one.
    ZonesCompiler::FilesInOrder ordered;
    for (const auto& file : candidate.zones) {
        ordered.push_back(&file);
    }
    (void)std::ranges::stable_partition(
        ordered, [&](const auto* file) { return !is_new(report.fate_of(file->first)); });
    zones::LinkInput input{link_input(), {}};
    zones::Diagnostics diagnostics;
    input.zones = compiler_.compile(ordered, candidate.zones, model_recaller(), diagnostics);
    const bool is_sound = !zones::has_errors(diagnostics);
    report.compares_files = !diagnostics.empty();
    zones::append(report.diagnostics, std::move(diagnostics));
    if (!is_sound) { return false; }
    input.atlas = candidate.atlas;
    auto linked = compiler_.link(input);
    for (const std::string& warning : copies_.take_warnings()) {
        report_state(warning, report);
    }
    if (!linked) {
        zones::append(report.diagnostics, linked.error());
        return false;
    }
    candidate.snapshot = std::move(linked).value();
    zones::Diagnostics load =
        check_load(*candidate.snapshot, paths_.max_probes, paths_.zones_directory);
    if (!load.empty()) {
        zones::append(report.diagnostics, std::move(load));
        return false;
    }
    zones::Diagnostics found = zones::check_delegations(*candidate.snapshot);
    report.compares_files = report.compares_files || !found.empty();
    zones::append(report.diagnostics, std::move(found));
    return true;
}

/// For the next snapshot, over the same atlas.
zones::SnapshotInput ServedData::link_input() {
    zones::SnapshotInput input;
    input.atlas = atlas_;
    input.generation = generation_ + 1;
    input.previous = snapshot_;
    input.find_table = [this](const geo::Policy& policy) {
        const auto& key = database_.key();
        return key ? copies_.find_table(state_, *key, policy) : nullptr;
    };
    return input;
}

ZonesCompiler::ModelRecaller ServedData::model_recaller() {
    return [this](const std::string& path, const LoadedFile& file) {
        return recall_models(path, file);
    };
}

/// Reads a file that is served once more, from its text in memory, from the file if that did not
/// change, or from the copy for the next start.
bool ServedData::recall_models(const std::string& path, const LoadedFile& file) {
    save_from_start();  // a text may be damaged
    LoadedFile again = file;
    again.recall_texts(path);
    std::vector<zones::Zone> zones = again.read_again(path);
    if (zones.empty()) { zones = last_good_.models_of(path, file, state_); }
    if (zones.size() != file.zones.size()) { return false; }
    for (std::size_t i = 0; i < zones.size(); ++i) {
        file.zones[i].set_model(std::move(zones[i]));
        fresh_zones_.push_back(file.zones[i]);
    }
    return true;
}

}  // namespace meridian::server
