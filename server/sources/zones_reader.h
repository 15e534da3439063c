// Reads the zones directory and compares it with what is served.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "meridian/zones/diagnostic.h"
#include "server/sources/broken_zones.h"
#include "server/sources/last_good.h"
#include "server/sources/load_report.h"
#include "server/sources/source_look.h"
#include "server/sources/zone_loader.h"

namespace meridian::server {

/// Whether `files` has this version of the file.
bool has_version(const ZonesByFile& files, const std::string& path,
                 const std::shared_ptr<LoadedFile>& version);
/// Those of `files` that `others` does not have, or has in another version.
ZonesByFile versions_not_in(const ZonesByFile& others, const ZonesByFile& files);
std::vector<ZoneSummary> summaries_of(const ZonesByFile& files);
std::size_t count_zones(const ZonesByFile& files);
/// Points at the names. Hashed, for directories of ten thousand files.
using FileNames = std::unordered_set<std::string_view>;

/// The zones of a directory. A faulty file is replaced by its running version.
struct ZonesInDirectory {
    ZonesByFile zones;
    /// Master files and libraries, each with the first zone file that it is a part of.
    std::map<std::string, std::string> parts;
};

/// For one reading. It adds each file that it looks at to `seen`, also those that zones name.
class ZonesReader {
public:
    /// Called with each file that has a version other than the running one, as soon as it is read.
    using OnRead = std::function<void(const LoadedFile& file)>;

    ZonesReader(const ZonesByFile& running, const SavedFiles& last_good, SerialSources serials,
                const FileIds& unfinished, SourceLook& seen, OnRead on_read,
                std::shared_ptr<const zones::CommandNames> commands = {})
        : running_(running),
          last_good_(last_good),
          serials_(serials),
          unfinished_(unfinished),
          seen_(seen),
          on_read_(std::move(on_read)),
          commands_(std::move(commands)) {}

    /// Expects a report without fates. A directory that cannot be read is an error, and the running
    /// zones stay. A directory without zones and without errors gives no zones: a guard judges
    /// that.
    ZonesInDirectory read(const std::string& directory, LoadReport& report);
    /// The same where `seen` has the states of the files that were listed.
    ZonesInDirectory read(const std::string& directory,
                          const Result<ZoneFiles, std::string>& listing, LoadReport& report);

private:
    using NoZones = std::vector<std::pair<std::string, ZoneLoading>>;

    [[nodiscard]] std::string then() const;
    [[nodiscard]] bool is_unfinished(const std::string& state) const {
        return !unfinished_.empty() && unfinished_.contains(file_id_in(state));
    }
    ZoneLoading load(const std::string& path);
    void finish(const std::string& path, ZoneLoading& loading);
    void note_named_files();
    void read_zone_files(const std::vector<std::string>& paths, LoadReport& report);
    void read_master_files(const std::vector<std::string>& paths, LoadReport& report);
    [[nodiscard]] std::vector<std::string> whole_master_files(const std::vector<std::string>& paths,
                                                              LoadReport& report);
    void report_passed_over(const std::string& directory, std::vector<std::string> paths,
                            LoadReport& report) const;
    void find_removed(const std::vector<std::string>& paths, LoadReport& report);
    void judge_no_zone(const std::string& directory, bool has_no_files, LoadReport& report);
    [[nodiscard]] std::shared_ptr<LoadedFile> running_at(const std::string& path) const;
    void take(const std::string& path, ZoneLoading loading, LoadReport& report);
    void take_without_zone(const std::string& path, ZoneLoading loading, LoadReport& report);
    void note_libraries(const std::string& user, const std::vector<NamedFileState>& named);
    [[nodiscard]] const std::string* user_of(const std::string& path) const;

    const ZonesByFile& running_;
    const SavedFiles& last_good_;
    SerialSources serials_;
    const FileIds& unfinished_;
    SourceLook& seen_;
    SourceLook named_seen_;  // of files that zone files name
    OnRead on_read_;
    std::shared_ptr<const zones::CommandNames> commands_;  // that checks may name; null: any
    LibraryShelf shelf_;
    BrokenZones broken_;
    ZonesInDirectory found_;
    std::map<std::string, std::string>
        library_users_;  // by path and by file state, with the first user
};

}  // namespace meridian::server
