// Reads the files that zone files name, within the folder of the zone file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "meridian/digest.h"
#include "meridian/zones/zone_reader.h"
#include "server/sources/library_shelf.h"
#include "server/sources/source_look.h"
#include "server/state/file_text.h"

namespace meridian::server {

/// A file that was read for a zone, or that could not be read, as it was at that time.
struct NamedFileState {
    std::string path;   ///< As diagnostics name it.
    std::string asked;  ///< As the zone file names it.
    Digest text_digest;
    std::string state;          ///< As `file_state_of` gave it; empty when there was no file.
    std::int64_t modified = 0;  ///< Unix seconds.
    zones::FileKind kind{};
    SharedText text = {};  ///< What was loaded; null if that failed, and once it is saved.
    bool shows_each_change = false;  ///< As LibraryShelf says of the state.
};

/// Whether all files are as they were, libraries in the version of this load. Those whose state
/// does not show each change are read again; where they have the same text, it is known from then
/// on whether their state does.
bool is_unchanged(std::vector<NamedFileState>& files, LibraryShelf& shelf);
/// Whether their states alone say so.
bool is_known_unchanged(const std::vector<NamedFileState>& files, LibraryShelf& shelf);

/// Reads files for one zone file and remembers which. One that lies outside of the zone file's
/// folder, be it through a symbolic link, is refused.
class NamedFiles {
public:
    /// The shelf outlives it. None of the `unfinished` is read.
    NamedFiles(const std::string& zone_file, LibraryShelf& shelf, FileIds unfinished = {});

    /// For ZoneText; ends with this object.
    [[nodiscard]] zones::NamedFileReader reader();
    [[nodiscard]] zones::LibraryReader library_reader();
    [[nodiscard]] const std::vector<NamedFileState>& read() const { return read_; }

private:
    [[nodiscard]] bool is_unfinished(const std::string& state) const {
        return unfinished_.contains(file_id_in(state));
    }
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
