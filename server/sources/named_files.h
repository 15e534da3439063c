// Reads the files that zone files name, within the folder of the zone file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "meridian/zones/zone_reader.h"
#include "server/sources/file_text.h"
#include "server/sources/library_shelf.h"
#include "server/sources/source_look.h"

namespace meridian::server {

/// A file that was read for a zone, or could not be, as it was then.
struct NamedFileState {
    std::string path;   ///< As diagnostics name it.
    std::string asked;  ///< As the zone file names it.
    std::uint64_t text_hash = 0;
    std::string stamp;          ///< Of the file system; empty when there was no file.
    std::int64_t modified = 0;  ///< Unix seconds.
    zones::FileKind kind{};
    SharedText text = {};  ///< What was loaded; null when that failed, and once it is kept.
};

/// Whether all files are as they were, libraries in the version of this load.
bool is_unchanged(const std::vector<NamedFileState>& files, LibraryShelf& shelf);

/// Reads files for one zone file and remembers which. One that lies outside of the zone file's
/// folder, be it through a symbolic link, is refused.
class NamedFiles {
public:
    /// The shelf outlives it. None of the `unfinished` is read.
    NamedFiles(const std::string& zone_file, LibraryShelf& shelf, FileIds unfinished = {});

    /// For ZoneText; ends with this object.
    [[nodiscard]] zones::FileReader reader();
    [[nodiscard]] zones::LibraryReader library_reader();
    [[nodiscard]] const std::vector<NamedFileState>& read() const { return read_; }

private:
    struct Place {
        std::string real;       // its canonical path
        std::string in_folder;  // the same, as diagnostics name it
    };
    [[nodiscard]] bool is_unfinished(const std::string& stamp) const {
        return unfinished_.contains(file_id_in(stamp));
    }
    [[nodiscard]] Result<Place, std::string> find(const std::string& shown) const;
    Result<std::shared_ptr<const zones::Library>, std::string> read_library(
        const std::string& path);
    Result<zones::NamedFile, std::string> read_named(const std::string& path);

    std::string folder_;
    LibraryShelf& shelf_;
    FileIds unfinished_;
    std::vector<NamedFileState> read_;
    std::map<std::string, zones::NamedFile> texts_;  // read once for all zones of the zone file
};

}  // namespace meridian::server
