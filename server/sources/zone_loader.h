// Lists and loads zone files, and gives their zones serials.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "meridian/digest.h"
#include "meridian/result.h"
#include "meridian/zones/content_hash.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"
#include "meridian/zones/zone_reader.h"
#include "server/sources/guards.h"
#include "server/sources/loaded_zone.h"
#include "server/sources/named_files.h"
#include "server/state/serial_store.h"

namespace meridian::server {

/// The zone files directly in a directory, without hidden ones and the copies that editors and
/// package managers leave behind: `*.toml`, sorted, then `*.zone`, sorted. A master file is a zone
/// of its own unless another zone reads it.
struct ZoneFiles {
    std::vector<std::string> paths;
    std::vector<std::string> passed_over;  ///< Others that an operator may mean as zones, sorted.
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
    std::vector<LoadedZone> zones;             ///< At least one.
    std::vector<zones::ContentHash> contents;  ///< What each of them says.
    std::vector<ZoneSummary> summaries;        ///< How much that is, for guards.
    std::int64_t modified = 0;                 ///< Unix seconds.
    Digest text_digest;  ///< With those of `named` it shows whether a file changed.
    std::vector<NamedFileState> named = {};  ///< The files that it reads.
    SharedText text = {};                    ///< What was loaded; null once it is saved.
    std::string state = {};                  ///< Before it was read; empty for one that was saved.
    bool shows_each_change = false;          ///< As LibraryShelf says of the state.

    /// Frees the texts of the file and of those that it reads.
    void forget_texts();
    /// Reads the texts again, if the files have not changed. The zone file is at `path`.
    void recall_texts(const std::string& path);
    /// Its zones once more, from the texts; none where one of them is not in memory.
    [[nodiscard]] std::vector<zones::Zone> read_again(const std::string& path) const;
    /// The latest time of modification of the file and those that it reads, in unix seconds.
    [[nodiscard]] std::int64_t newest() const;
    /// Whether it reads `path`, which has that file state, also under another name.
    [[nodiscard]] bool reads(const std::string& path, const std::string& its_state) const;
};

/// Files by path. Loads share the versions of files that have not changed.
using ZonesByFile = std::map<std::string, std::shared_ptr<LoadedFile>>;

/// The outcome of reading one file.
struct ZoneLoading {
    std::shared_ptr<LoadedFile> loaded;      ///< Null when there is an error.
    bool unchanged = false;                  ///< It is the version that was given.
    bool is_library = false;                 ///< It describes no zone, but tables that zones share.
    std::vector<NamedFileState> named = {};  ///< What it read, or tried to.
    zones::Diagnostics diagnostics;
};

/// What a serial depends on besides the zone itself.
struct SerialSources {
    const SerialStore& served;  ///< Under which serials zones were served last.
    std::int64_t now = 0;       ///< Unix seconds.
};

/// Gives the zones of a reading their serials. `file` is all that a LoadedFile says but for them.
ZoneLoading finish_loading(zones::ZoneReading reading, LoadedFile file,
                           const SerialSources& serials);

/// Reads a file whole, then parses it. `running` is the version in use, if any; where the file has
/// not changed, it is the outcome, and gets the file's state. It is an error where the file names
/// one that is `unfinished`, or memory runs out. `state` is what `file_state_of` gave some time
/// before; without it, the file system is asked. `commands` are those that checks may name; null:
/// any. For any thread, as far as `running` is its own.
ZoneLoading load_zone(const std::string& path, const std::shared_ptr<LoadedFile>& running,
                      const SerialSources& serials, LibraryShelf& shelf,
                      const FileIds& unfinished = {}, std::string state = {},
                      const std::shared_ptr<const zones::CommandNames>& commands = {});

/// The same for a master file of the zone `apex`, whatever the file is called.
ZoneLoading load_master_zone(const std::string& path, const std::string& apex,
                             const SerialSources& serials);

}  // namespace meridian::server
