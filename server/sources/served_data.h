// Turns the zones directory and the geo database into snapshots, at start and at every reload.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "meridian/clock.h"
#include "meridian/geo/atlas.h"
#include "meridian/result.h"
#include "meridian/zones/snapshot.h"
#include "server/sources/compiled_copies.h"
#include "server/sources/database_source.h"
#include "server/sources/last_good.h"
#include "server/sources/load_report.h"
#include "server/sources/serial_store.h"
#include "server/sources/source_look.h"
#include "server/sources/state_directory.h"
#include "server/sources/zone_loader.h"
#include "server/sources/zones_reader.h"

namespace meridian::server {

struct DataPaths {
    std::string zones_directory;
    std::vector<std::string> databases;
    std::uint64_t least_kept_leaves = kLeastKeptLeaves;  ///< See CompiledCopies.
    friend bool operator==(const DataPaths&, const DataPaths&) = default;
};

/// What is served, over time. Keeps the last good version of every zone and of the atlas, so that
/// nothing bad replaces something good (DESIGN decision 7). For the control thread.
class ServedData {
public:
    /// `state` is written by `keep_state` and `keep_copies` alone.
    ServedData(DataPaths paths, StateDirectory state, const Clock& clock);

    /// The first load. Where nothing was ever served from here, any error and there is no snapshot;
    /// else what is bad or missing is as it was served last.
    LoadReport load();

    /// Reads again what has changed. A zone with an error leaves its running version, a database
    /// with an error the running atlas; a file that is gone takes its zone along. A directory that
    /// is empty takes nothing, and what looks like an accident (guards.h) is held back, unless it
    /// is forced. Errors are never forced: a directory that cannot be read takes nothing in any
    /// case.
    /// Files that are `unfinished` are left as they were read last, with an error, and the next
    /// look finds them changed.
    LoadReport reload(bool force = false, const FileIds& unfinished = {});

    /// Lets go of what only loading needs; for a server, once what was loaded is in use. The next
    /// load takes a little longer for it.
    void give_back_memory();

    /// Keeps for the next start what has changed since the last time, or all of it where somebody
    /// has removed the state directory. For a server, once what was loaded is in use. False where
    /// there is more to keep, with another call; the error is in words, and it is tried again the
    /// next time.
    [[nodiscard]] Result<bool, std::string> keep_state();
    /// The same for what was compiled, which takes longer and only saves time.
    [[nodiscard]] Result<Unit, std::string> keep_copies();
    [[nodiscard]] const CompiledCopies& copies() const { return copies_; }
    [[nodiscard]] const StateDirectory& state() const { return state_; }

    /// What the file system says now of everything that is served or could be: the zone files of
    /// the directory, the files that these name, the databases.
    [[nodiscard]] SourceLook look() const;
    /// The same, as it was when all that was read last. Where the two differ, a reload is due.
    [[nodiscard]] const SourceLook& seen() const { return seen_; }
    [[nodiscard]] const DataPaths& paths() const { return paths_; }

    /// Serves from elsewhere, from the next reload on.
    void use(DataPaths paths);

    /// The atlas in use; null before a successful load.
    [[nodiscard]] const std::shared_ptr<const geo::Atlas>& atlas() const { return atlas_; }
    /// The files in use, by path, each in the version that is served.
    [[nodiscard]] const ZonesByFile& files() const { return zones_; }

private:
    struct Candidate;

    Candidate read_everything(LoadReport& report, bool force, const FileIds& unfinished);
    void read_database(Candidate& candidate, LoadReport& report, bool force);
    bool leave_database(const FileIds& unfinished, LoadReport& report);
    std::shared_ptr<const geo::Atlas> database_before();
    bool compile(Candidate& candidate, LoadReport& report);
    [[nodiscard]] Result<Unit, std::string> make_state_anew();
    bool compile_within_memory(Candidate& candidate, LoadReport& report);
    void tell_of_state(const std::string& warning, LoadReport& report) const;
    void accept(Candidate candidate);
    [[nodiscard]] SerialSources serial_sources() const;
    void put_back(const std::vector<std::string>& files, Candidate& candidate,
                  LoadReport& report) const;
    void hold(const std::vector<ZoneSummary>& before, Candidate& candidate, LoadReport& report);
    bool restore(const std::string& path);
    void fall_back(Candidate& candidate, LoadReport& report);
    void compile_what_can_be(Candidate candidate, LoadReport& report);

    DataPaths paths_;
    DatabaseSource database_;
    std::shared_ptr<const geo::Atlas> atlas_;
    ZonesByFile zones_;
    StateDirectory state_;
    CompiledCopies copies_;
    const Clock& clock_;
    std::string state_warning_;      // told once
    std::string last_good_warning_;  // likewise
    SerialStore serials_;
    LastGood last_good_;
    std::shared_ptr<const zones::Snapshot> snapshot_;
    std::uint64_t generation_ = 0;
    SourceLook seen_;
};

}  // namespace meridian::server
