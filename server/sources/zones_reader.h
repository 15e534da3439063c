// Reads the zones directory beside what is served of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "meridian/zones/diagnostic.h"
#include "server/sources/broken_zones.h"
#include "server/sources/last_good.h"
#include "server/sources/load_report.h"
#include "server/sources/source_look.h"
#include "server/sources/zone_loader.h"

namespace meridian::server {

using ZonesByFile = std::map<std::string, LoadedFile>;
/// For directories of ten thousand files. Points at the names.
using FileNames = std::unordered_set<std::string_view>;

/// What a directory says, with what runs in the place of what is bad.
struct ZonesInDirectory {
    ZonesByFile zones;
    /// Master files and libraries, and the zone file that each is a part of; of several the first.
    std::map<std::string, std::string> parts;
};

/// For one reading. Each file that it looks at is added to `seen`, with what it read by name.
class ZonesReader {
public:
    ZonesReader(const ZonesByFile& running, const KeptFiles& last_good, SerialSources serials,
                const FileIds& unfinished, SourceLook& seen)
        : running_(running),
          last_good_(last_good),
          serials_(serials),
          unfinished_(unfinished),
          seen_(seen) {}

    /// Expects an empty report, as far as zones go. Forced, nothing in the directory is nothing to
    /// serve, else it is an error, and what runs goes on. A directory that cannot be read is an
    /// error, forced or not.
    ZonesInDirectory read(const std::string& directory, bool force, LoadReport& report);

private:
    using NoZones = std::vector<std::pair<std::string, ZoneLoading>>;

    [[nodiscard]] std::string then() const;
    ZoneLoading load(const std::string& path);
    void read_zone_files(const std::vector<std::string>& paths, LoadReport& report);
    void read_master_files(const std::vector<std::string>& paths, LoadReport& report);
    void find_removed(const std::vector<std::string>& paths, LoadReport& report);
    [[nodiscard]] const LoadedFile* running_at(const std::string& path) const;
    void take(const std::string& path, ZoneLoading loading, LoadReport& report);
    void take_without_zone(const std::string& path, ZoneLoading loading, LoadReport& report);
    void note_libraries(const std::string& user, const std::vector<NamedFileState>& named);
    [[nodiscard]] const std::string* user_of(const std::string& path) const;

    const ZonesByFile& running_;
    const KeptFiles& last_good_;
    SerialSources serials_;
    const FileIds& unfinished_;
    SourceLook& seen_;
    LibraryShelf shelf_;
    BrokenZones broken_;
    ZonesInDirectory found_;
    std::map<std::string, std::string>
        library_users_;  // by path and by stamp; of several the first
};

}  // namespace meridian::server
