// Turns the zones directory and the geo database into snapshots, at start and at every reload.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "meridian/clock.h"
#include "meridian/geo/atlas.h"
#include "meridian/result.h"
#include "meridian/zones/snapshot.h"
#include "server/sources/database_source.h"
#include "server/sources/last_good.h"
#include "server/sources/load_report.h"
#include "server/sources/source_look.h"
#include "server/sources/zone_loader.h"
#include "server/sources/zones_compiler.h"
#include "server/sources/zones_reader.h"
#include "server/state/compiled_copies.h"
#include "server/state/serial_store.h"
#include "server/state/state_directory.h"

namespace meridian::server {

struct DataPaths {
    std::string zones_directory;
    std::vector<std::string> databases;
    std::uint64_t least_saved_leaves = kLeastSavedLeaves;  ///< See CompiledCopies.
    std::uint32_t max_probes = kUsualMaxProbes;            ///< A second, of all zones together.
    zones::CommandNames commands = {};                     ///< That checks may name.
    friend bool operator==(const DataPaths&, const DataPaths&) = default;
};

/// What is served, over time. A faulty zone or database never replaces a good one: the last good
/// version stays. For the control thread.
class ServedData {
public:
    /// `state` is written by `save_state` and `save_copies` alone.
    ServedData(DataPaths paths, StateDirectory state, const Clock& clock);

    /// The first load. If the state directory knows of an earlier run, faulty or missing files are
    /// served as they were served last. If not, any error means that there is no snapshot.
    LoadReport load();

    /// Reads again what has changed. A zone with an error keeps serving its running version, and so
    /// does a database. A file that is gone takes its zones with it. A change that looks like an
    /// accident (guards.h), such as an empty directory, is held back unless `force` is set. Errors
    /// are never forced: a directory that cannot be read removes nothing in any case.
    ///
    /// `unfinished` files stay as they were read last, with an error, and the next look finds them
    /// changed. Where a look at the files shows that none has changed, none is read.
    LoadReport reload(bool force = false, const FileIds& unfinished = {});

    /// The short way for an edit of files in the zones directory: reads these, and the zone files
    /// that use one of them, and no others. None where more has to be looked at to know what that
    /// comes to: an error or a warning, a file that is new or gone, a loss that a guard may hold
    /// back, a zone or a named file more or less. Then nothing has changed, and `reload` is due.
    [[nodiscard]] std::optional<LoadReport> reload_files(const std::set<std::string>& paths);

    /// Frees what only loading needs. For a server, once the snapshot is published. The next load
    /// takes a little longer.
    void give_back_memory();

    /// Holds a state directory that was removed, or that could not be held at the start, since the
    /// operator may have mended that. All of it is saved then. The error says why that failed.
    [[nodiscard]] Result<Unit, std::string> hold_state();
    /// Saves what has changed since the last call, or all of it if the state directory was removed.
    /// For a server, once the snapshot is published. False if there is more to save: call it again.
    /// An edit is appended to what is there. The error is in words, and the next call tries again.
    [[nodiscard]] Result<bool, std::string> save_state();
    /// Whether so much was appended that the next start takes longer.
    [[nodiscard]] bool has_long_journals() const;
    /// Writes whole what edits have appended to, once all is saved. The error is in words.
    [[nodiscard]] Result<Unit, std::string> write_journaled();
    /// Since the last call: what `save_state` found damaged, and has written anew.
    [[nodiscard]] zones::Diagnostics take_state_warnings();
    /// Saves the compiled copies. That takes longer, and only makes the next start faster.
    [[nodiscard]] Result<Unit, std::string> save_copies();
    [[nodiscard]] const CompiledCopies& copies() const { return copies_; }
    [[nodiscard]] const StateDirectory& state() const { return state_; }

    /// The file states of everything that is served or could be: the zone files of the directory,
    /// the files that these name, the databases.
    [[nodiscard]] SourceLook look() const;
    /// Whether `look` would be `seen`: asked every few seconds, so it keeps nothing.
    [[nodiscard]] bool looks_as_seen() const;
    /// The file states at the last reading. If they differ from `look`, a reload is due.
    [[nodiscard]] const SourceLook& seen() const { return seen_; }
    [[nodiscard]] const DataPaths& paths() const { return paths_; }

    /// Reads from other paths, from the next reload on.
    void use(DataPaths paths);

    /// The atlas in use; null before a successful load.
    [[nodiscard]] const std::shared_ptr<const geo::Atlas>& atlas() const { return atlas_; }
    /// The files in use, by path, each in the version that is served.
    [[nodiscard]] const ZonesByFile& files() const { return zones_; }

private:
    struct Edit {  // the files that it changes
        ZonesByFile before;
        ZonesByFile now;
        SourceLook states;  // of all that were looked at
    };
    /// What would be served if all of it is good.
    struct Candidate {
        std::shared_ptr<const geo::Atlas> atlas;
        ZonesByFile zones;
        std::map<std::string, std::string> parts;  ///< As ZonesInDirectory has them.
        std::shared_ptr<const zones::Snapshot> snapshot;
    };

    void report_state(const std::string& warning, LoadReport& report) const;
    void accept(Candidate candidate);
    void accept_edit(const Edit& edit, std::shared_ptr<const zones::Snapshot> snapshot);
    static void add_serials(const LoadedFile& file, SerialStore::Serials& serials);
    void remember_serials(const ZonesByFile& before);
    void save_from_start() {
        is_saved_ = false;
        last_good_.begin_anew();
    }
    [[nodiscard]] SerialSources serial_sources() const;
    [[nodiscard]] std::shared_ptr<const zones::CommandNames> command_names() const {
        return std::make_shared<const zones::CommandNames>(paths_.commands);
    }

    // Reading (served_data_reading.cpp).
    Candidate read_everything(LoadReport& report, bool force, const FileIds& unfinished);
    void read_database(Candidate& candidate, LoadReport& report, bool force);
    bool leave_database(const FileIds& unfinished, LoadReport& report);
    std::shared_ptr<const geo::Atlas> database_before();

    // Edits (served_data_edits.cpp).
    [[nodiscard]] bool are_of_one_file(const LoadReport& report) const;
    [[nodiscard]] bool is_simple(const LoadReport& report) const;
    [[nodiscard]] bool is_as_read() const;
    [[nodiscard]] bool read_edit(const std::set<std::string>& paths, Edit& edit,
                                 LoadReport& report);
    [[nodiscard]] bool take_edited(const std::string& path, ZoneLoading loading, Edit& edit,
                                   LoadReport& report);

    // Guarding (served_data_guarding.cpp).
    bool restore(const std::string& path, LoadReport& report);
    void fall_back(Candidate& candidate, LoadReport& report);
    void hold_back_losses(Candidate& candidate, LoadReport& report);
    void hold_back(Losses losses, Candidate& candidate, LoadReport& report);
    void put_back(const std::vector<std::string>& files, FileFate fate, Candidate& candidate,
                  LoadReport& report);

    // Compiling (served_data_compiling.cpp).
    void compile_what_can_be(Candidate candidate, LoadReport& report);
    void compile_early(const LoadedFile& file);
    bool compile(Candidate& candidate, LoadReport& report);
    bool compile_within_memory(Candidate& candidate, LoadReport& report);
    [[nodiscard]] std::shared_ptr<const zones::Snapshot> compile_edit(const Edit& edit,
                                                                      LoadReport& report);
    zones::SnapshotInput link_input();
    ZonesCompiler::ModelRecaller model_recaller();
    bool recall_models(const std::string& path, const LoadedFile& file);

    // Saving (served_data_saving.cpp).
    [[nodiscard]] Result<Unit, std::string> make_state_anew();
    [[nodiscard]] Result<bool, std::string> save_edits();

    DataPaths paths_;
    DatabaseSource database_;
    std::shared_ptr<const geo::Atlas> atlas_;
    ZonesByFile zones_;
    StateDirectory state_;
    CompiledCopies copies_;
    const Clock& clock_;
    std::string state_warning_;      // reported once
    std::string last_good_warning_;  // likewise
    SerialStore serials_;
    LastGood last_good_;
    ZonesCompiler compiler_;
    std::shared_ptr<const zones::Snapshot> snapshot_;
    std::uint64_t generation_ = 0;
    SourceLook seen_;
    bool is_simple_ = false;  // after the last load; see that function
    bool is_saved_ = false;   // nothing but edits has changed since all of it was saved
    ZonesByFile unsaved_edits_;
    bool is_all_fresh_ = false;            // any zone may have its model
    std::vector<LoadedZone> fresh_zones_;  // that may have their models
    std::size_t forgotten_names_ = 0;      // of models, since memory was given back
};

}  // namespace meridian::server
