// Loads zone files: which there are, what they say, under which serial.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "meridian/result.h"
#include "meridian/zones/content_hash.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"
#include "meridian/zones/zone_reader.h"
#include "server/sources/guards.h"
#include "server/sources/named_files.h"
#include "server/sources/serial_store.h"
#include "server/sources/served_zone.h"

namespace meridian::server {

/// The zone files directly in a directory, without hidden ones and the copies that editors and
/// package managers leave behind: `*.toml`, sorted, then `*.zone`, sorted. A master file is a zone
/// of its own unless another zone reads it.
struct ZoneFiles {
    std::vector<std::string> paths;
};

/// `..zone` is the root's. Not `.zone.toml`, `#zone.toml#`, `.#zone.toml`, nor what ends in neither
/// `.toml` nor `.zone`: `zone.toml~`, `zone.toml.swp`, `zone.toml.bak`, `zone.toml.dpkg-new`.
bool is_zone_file_name(const std::string& name);

/// Whether a path of that list is a master file (RFC 1035 §5).
bool is_master_file(const std::string& path);

/// The error is in words and names the directory.
Result<ZoneFiles, std::string> list_zone_files(const std::string& directory);

/// One version of a zone file.
struct LoadedFile {
    std::vector<ServedZone> zones;             ///< At least one.
    std::vector<zones::ContentHash> contents;  ///< What each of them says.
    std::vector<ZoneSummary> summaries;        ///< How much that is, for guards.
    std::int64_t modified = 0;                 ///< Unix seconds.
    std::uint64_t text_hash = 0;               ///< Together they tell whether a file is as it was.
    std::vector<NamedFileState> named = {};    ///< The files that it reads.
    SharedText text = {};                      ///< What was loaded; null once it is kept.

    /// Lets go of the texts of the file and of those that it reads.
    void forget_texts();
    /// Has the texts again that are the same in the files, of which the first is at `path`.
    void recall_texts(const std::string& path);
    /// The latest time of modification of the file and those that it reads, in unix seconds.
    [[nodiscard]] std::int64_t newest() const;
    /// Whether `path`, whose stamp is given, is among them, be it under another name.
    [[nodiscard]] bool reads(const std::string& path, const std::string& stamp) const;
};

/// What came of reading one file.
struct ZoneLoading {
    std::optional<LoadedFile> loaded;        ///< None when there is an error.
    bool unchanged = false;                  ///< It is the version that was given.
    bool is_library = false;                 ///< It describes no zone, but tables that zones share.
    std::vector<NamedFileState> named = {};  ///< What it read, or tried to.
    zones::Diagnostics diagnostics;
};

/// What a serial depends on that the zone does not say itself.
struct SerialSources {
    const SerialStore& served;  ///< Under which serials zones were served last.
    std::int64_t now = 0;       ///< Unix seconds.
};

/// Gives the zones of a reading their serials. `file` is all that a LoadedFile says but for them.
ZoneLoading finish_loading(zones::ZoneReading reading, LoadedFile file,
                           const SerialSources& serials);

/// Reads a file whole, then parses it. `running` is the version in use, if any. It is an error
/// where the file names one that is `unfinished`, or memory runs out.
ZoneLoading load_zone(const std::string& path, const LoadedFile* running,
                      const SerialSources& serials, LibraryShelf& shelf,
                      const FileIds& unfinished = {});

/// The same for a master file of the zone `apex`, whatever the file is called.
ZoneLoading load_master_zone(const std::string& path, const std::string& apex,
                             const SerialSources& serials);

}  // namespace meridian::server
