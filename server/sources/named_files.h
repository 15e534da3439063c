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

namespace meridian::server {

/// A file that was read for a zone, or could not be, as it was then.
struct NamedFileState {
    std::string path;  ///< As diagnostics name it.
    std::uint64_t text_hash = 0;
    std::string stamp;          ///< Of the file system; empty when there was no file.
    std::int64_t modified = 0;  ///< Unix seconds.
};

/// What the file system says of a file: another text has another stamp.
std::string stamp_of(const std::string& path);

/// Whether all files are as they were.
bool is_unchanged(const std::vector<NamedFileState>& files);

/// Reads files for one zone file and remembers which. One that lies outside of the zone file's
/// folder, be it through a symbolic link, is refused.
class NamedFiles {
public:
    explicit NamedFiles(const std::string& zone_file);

    /// For ZoneText; ends with this object.
    [[nodiscard]] zones::FileReader reader();
    [[nodiscard]] const std::vector<NamedFileState>& read() const { return read_; }

private:
    Result<zones::NamedFile, std::string> read_named(const std::string& path);

    std::string folder_;
    std::vector<NamedFileState> read_;
    std::map<std::string, zones::NamedFile> texts_;  // read once for all zones of the zone file
};

}  // namespace meridian::server
