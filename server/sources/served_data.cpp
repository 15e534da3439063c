// Turns the zones directory and the geo database into snapshots, at start and at every reload.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/served_data.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <new>
#include <utility>

#include "meridian/zones/compiler.h"
#include "server/sources/source_messages.h"
#include "server/sources/zone_check.h"

namespace meridian::server {

/// What would be served if all of it turned out good.
struct ServedData::Candidate {
    std::shared_ptr<const geo::Atlas> atlas;
    ZonesByFile zones;
    std::map<std::string, std::string> parts;  ///< As ZonesInDirectory has them.
    std::shared_ptr<const zones::Snapshot> snapshot;
};

namespace {

/// Whether a zone was read from one of `files`, among others.
bool consists_of(const zones::Zone& zone, const FileNames& files) {
    return files.contains(zone.file) ||
           std::ranges::any_of(zone.other_files, [&](const zones::OtherFile& other) {
               return files.contains(other.path);
           });
}

/// The files among `suspects` that an error points at; all of them where it points elsewhere.
std::vector<std::string> blamed(const zones::Diagnostics& diagnostics,
                                const std::vector<std::string>& suspects,
                                const std::map<std::string, LoadedFile>& read) {
    FileNames named;
    for (const zones::Diagnostic& entry : diagnostics) {
        if (entry.severity == zones::Severity::Error) { named.insert(entry.file); }
    }
    std::vector<std::string> files;
    for (const std::string& suspect : suspects) {
        const bool is_named =
            std::ranges::any_of(read.at(suspect).zones,
                                [&](const ServedZone& zone) { return consists_of(*zone, named); });
        if (is_named) { files.push_back(suspect); }
    }
    return files.empty() ? suspects : files;
}

std::vector<ZoneSummary> summaries_of(const std::map<std::string, LoadedFile>& files) {
    std::vector<ZoneSummary> summaries;
    for (const auto& [path, loaded] : files) {
        summaries.insert(summaries.end(), loaded.summaries.begin(), loaded.summaries.end());
    }
    return summaries;
}

std::size_t size_of(const LoadedFile& file) {
    std::size_t records = 1;
    for (const ZoneSummary& zone : file.summaries) {
        records += zone.records;
    }
    return records;
}

}  // namespace

ServedData::ServedData(DataPaths paths, StateDirectory state, const Clock& clock)
    : paths_(std::move(paths)),
      database_(paths_.databases),
      state_(std::move(state)),
      copies_(paths_.least_kept_leaves),
      clock_(clock),
      serials_(SerialStore::read(state_, state_warning_)),
      last_good_(LastGood::read(state_, last_good_warning_)) {}

LoadReport ServedData::load() {
    LoadReport report;
    for (std::string* warning : {&state_warning_, &last_good_warning_}) {
        if (warning->empty()) { continue; }
        tell_of_state(std::exchange(*warning, {}), report);
    }
    Candidate candidate = read_everything(report, false, {});
    if (last_good_.files().empty()) {
        const bool is_clean = report.clean();
        // Compiled beside errors, too: who is about to mend them wants to hear of all at once.
        if (candidate.atlas == nullptr) { candidate.atlas = world_of_no_places(); }
        if (candidate.zones.empty() || !compile(candidate, report) || !is_clean) { return report; }
        report.snapshot = candidate.snapshot;
        accept(std::move(candidate));
        return report;
    }
    fall_back(candidate, report);
    if (candidate.atlas != nullptr && !candidate.zones.empty()) {
        compile_what_can_be(std::move(candidate), report);
    }
    return report;
}

LoadReport ServedData::reload(bool force, const FileIds& unfinished) {
    LoadReport report;
    Candidate candidate = read_everything(report, force, unfinished);
    if (!force) { hold(summaries_of(zones_), candidate, report); }
    compile_what_can_be(std::move(candidate), report);
    return report;
}

void ServedData::give_back_memory() {
    bool is_less = false;
    for (auto& [path, loaded] : zones_) {
        for (ServedZone& zone : loaded.zones) {
            is_less |= zone.pack();
        }
    }
    if (is_less) { malloc_trim(0); }
}

/// What was kept is gone with the directory: it is all to be kept again.
Result<Unit, std::string> ServedData::make_state_anew() {
    auto made = state_.make_anew();
    if (!made) { return made; }
    serials_.keep_again();
    last_good_.keep_again();
    copies_.keep_again();
    for (auto& [path, loaded] : zones_) {
        loaded.recall_texts(path);
    }
    return made;
}

Result<bool, std::string> ServedData::keep_state() {
    if (state_.is_lost()) {
        auto made = make_state_anew();
        if (!made) { return Failure{made.error()}; }
    }
    auto serials = serials_.save(state_);
    auto texts = last_good_.save(zones_, state_);
    if (!serials) { return Failure{serials.error()}; }
    return texts;
}

/// Makes what is kept of a file what runs. False where nothing is.
bool ServedData::restore(const std::string& path) {
    auto restored = last_good_.restore(path, state_, serial_sources());
    if (!restored) { return false; }
    zones_.insert_or_assign(path, std::move(*restored));
    return true;
}

/// At a start: what is bad, or gone by accident, is as it was served last.
void ServedData::fall_back(Candidate& candidate, LoadReport& report) {
    if (report.directory_unreadable) {  // a guard would offer to take the zones away by force
        for (const auto& [path, file] : last_good_.files()) {
            if (restore(path)) { candidate.zones[path] = zones_.at(path); }
        }
        return;
    }
    std::vector<ZoneSummary> before;
    for (const auto& [path, file] : last_good_.files()) {
        before.insert(before.end(), file.zones.begin(), file.zones.end());
    }
    for (const std::string& path : report.kept) {
        if (!restore(path)) { continue; }
        candidate.zones[path] = zones_.at(path);
        report.diagnostics.push_back(zones::diagnostic_of(messages::kLastGood, path, {}, {}));
    }
    hold(before, candidate, report);
}

void ServedData::hold(const std::vector<ZoneSummary>& before, Candidate& candidate,
                      LoadReport& report) {
    Holding holding = hold_losses(before, summaries_of(candidate.zones), paths_.zones_directory);
    zones::append(report.diagnostics, std::move(holding.diagnostics));
    std::erase_if(holding.files, [&](const std::string& file) {
        return !zones_.contains(file) && !restore(file);
    });
    put_back(holding.files, candidate, report);
    report.held = std::move(holding.files);
}

/// Leaves out, one after the other, what does not go together with the rest.
void ServedData::compile_what_can_be(Candidate candidate, LoadReport& report) {
    for (;;) {
        std::vector<std::string> suspects = report.changed;
        suspects.insert(suspects.end(), report.added.begin(), report.added.end());
        if (suspects.empty() && report.removed.empty() && !report.database_changed) { return; }
        const std::size_t told = report.diagnostics.size();
        if (compile(candidate, report)) { break; }
        if (suspects.empty()) {  // the new database or a removal is to blame: all stays as it is
            report.database_changed = false;
            report.removed.clear();
            return;
        }
        const zones::Diagnostics news(report.diagnostics.begin() + static_cast<long>(told),
                                      report.diagnostics.end());
        put_back(blamed(news, suspects, candidate.zones), candidate, report);
    }
    report.snapshot = candidate.snapshot;
    accept(std::move(candidate));
}

ServedData::Candidate ServedData::read_everything(LoadReport& report, bool force,
                                                  const FileIds& unfinished) {
    Candidate candidate;
    candidate.atlas = atlas_;
    // Before anything is read: a change in between shows at the next look.
    seen_.clear();
    look_at_files(paths_.databases, seen_);
    look_at_directory(paths_.zones_directory, seen_);
    if (!leave_database(unfinished, report)) { read_database(candidate, report, force); }
    ZonesReader reader(zones_, last_good_.files(), serial_sources(), unfinished, seen_);
    auto [zones, parts] = reader.read(paths_.zones_directory, force, report);
    candidate.zones = std::move(zones);
    candidate.parts = std::move(parts);
    if (!state_.keeps()) {
        for (auto& [path, loaded] : candidate.zones) {
            loaded.forget_texts();
        }
    }
    return candidate;
}

/// Whether the database stays as it is because somebody is writing it.
bool ServedData::leave_database(const FileIds& unfinished, LoadReport& report) {
    for (const std::string& path : paths_.databases) {
        std::string& stamp = seen_[path];
        if (!unfinished.contains(file_id_in(stamp))) { continue; }
        stamp = kUnfinished;
        report.database_error =
            path + ": somebody is writing it; it is read when it is closed, or rests for 5 s";
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
        const std::string why = why_hold(before->info(), (*atlas)->info());
        report.database_held = !why.empty();
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

/// The one in use, at a start the one that was served last, unless that is what was just read.
std::shared_ptr<const geo::Atlas> ServedData::database_before() {
    if (atlas_ != nullptr || database_.is_copy() || last_good_.files().empty()) { return atlas_; }
    return copies_.find_atlas(state_, {}, paths_.databases);
}

void ServedData::use(DataPaths paths) {
    if (paths == paths_) { return; }
    if (paths.databases != paths_.databases) { database_ = DatabaseSource(paths.databases); }
    paths_ = std::move(paths);
}

SourceLook ServedData::look() const {
    SourceLook now;
    look_at_directory(paths_.zones_directory, now);
    for (const auto& [path, stamp] : seen_) {
        if (!now.contains(path)) { look_at_files({path}, now); }
    }
    return now;
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
        report.kept.push_back(file);
    }
    FileNames back(files.begin(), files.end());
    for (const auto& [part, whole] : candidate.parts) {
        const auto alone = back.contains(whole) ? zones_.find(part) : zones_.end();
        if (alone == zones_.end()) { continue; }
        candidate.zones[part] = alone->second;
        std::erase(report.removed, part);
    }
    for (std::vector<std::string>* list : {&report.added, &report.changed, &report.removed}) {
        std::erase_if(*list, [&](const std::string& file) { return back.contains(file); });
    }
}

/// Where memory runs out, the largest of what is new is to blame.
bool ServedData::compile(Candidate& candidate, LoadReport& report) {
    try {
        return compile_within_memory(candidate, report);
    } catch (const std::bad_alloc&) {
        std::string largest = paths_.databases.front();  // where no zone is new, the database is
        std::size_t most = 0;
        for (const std::vector<std::string>* files : {&report.changed, &report.added}) {
            for (const std::string& file : *files) {
                const std::size_t size = size_of(candidate.zones.at(file));
                if (size <= most) { continue; }
                most = size;
                largest = file;
            }
        }
        report.diagnostics.push_back(
            zones::diagnostic_of(messages::kNoMemoryToServe, largest, {}, {}));
        return false;
    }
}

bool ServedData::compile_within_memory(Candidate& candidate, LoadReport& report) {
    zones::CompileInput input;
    FileNames news(report.added.begin(), report.added.end());
    news.insert(report.changed.begin(), report.changed.end());
    // What is new comes last, so that in a quarrel over a name the newcomer is blamed.
    for (const bool is_new : {false, true}) {
        for (const auto& [path, loaded] : candidate.zones) {
            if (news.contains(path) != is_new) { continue; }
            std::ranges::transform(loaded.zones, std::back_inserter(input.zones),
                                   &ServedZone::whole);
        }
    }
    input.atlas = candidate.atlas;
    input.generation = generation_ + 1;
    input.previous = snapshot_;
    input.find_table = [this](const geo::Policy& policy) {
        const auto& key = database_.key();
        return key ? copies_.find_table(state_, *key, policy) : nullptr;
    };
    auto compiled = zones::compile(input);
    for (const std::string& warning : copies_.take_warnings()) {
        tell_of_state(warning, report);
    }
    if (!compiled) {
        zones::append(report.diagnostics, compiled.error());
        return false;
    }
    candidate.snapshot = std::move(compiled).value();
    zones::append(report.diagnostics, zones::check_delegations(input.zones));
    return true;
}

void ServedData::accept(Candidate candidate) {
    atlas_ = std::move(candidate.atlas);
    zones_ = std::move(candidate.zones);
    snapshot_ = std::move(candidate.snapshot);
    ++generation_;
    database_.accept();
    SerialStore::Serials served;
    for (const auto& [path, loaded] : zones_) {
        for (std::size_t i = 0; i < loaded.zones.size(); ++i) {
            const zones::Zone& zone = *loaded.zones[i];
            served.emplace(zone.apex, zones::ServedSerial{loaded.contents[i], zone.soa.serial});
        }
    }
    serials_.remember(served);
}

void ServedData::tell_of_state(const std::string& warning, LoadReport& report) const {
    report.diagnostics.push_back(
        zones::diagnostic_of(messages::kStateTrouble, state_.path(), {}, {}, {warning}));
}

Result<Unit, std::string> ServedData::keep_copies() {
    if (!snapshot_ || !state_.keeps()) { return Unit{}; }
    return copies_.save(state_, database_.find_key(), *snapshot_);
}

SerialSources ServedData::serial_sources() const {
    const auto now = clock_.wall().time_since_epoch();
    return {serials_, std::chrono::duration_cast<std::chrono::seconds>(now).count()};
}

}  // namespace meridian::server
