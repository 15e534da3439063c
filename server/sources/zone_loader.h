// Loads zone files: which there are, what they say, under which serial.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"
#include "server/sources/named_files.h"

namespace meridian::server {

/// The zone files directly in a directory, without hidden ones and the copies that editors and
/// package managers leave behind: `*.toml`, sorted, then `*.zone`, sorted. A master file is a zone
/// of its own unless another zone reads it.
struct ZoneFiles {
    std::vector<std::string> paths;
};

/// Whether a path of that list is a master file (RFC 1035 §5).
bool is_master_file(const std::string& path);

/// The error is in words and names the directory.
Result<ZoneFiles, std::string> list_zone_files(const std::string& directory);

/// One version of a zone file.
struct LoadedFile {
    std::vector<std::shared_ptr<const zones::Zone>> zones;  ///< At least one.
    std::int64_t modified = 0;                              ///< Unix seconds.
    std::uint64_t text_hash = 0;             ///< Together they tell whether a file is as it was.
    std::vector<NamedFileState> named = {};  ///< The files that it reads.

    /// Whether `path`, whose stamp is given, is among them, be it under another name.
    [[nodiscard]] bool reads(const std::string& path, const std::string& stamp) const;
};

/// What came of reading one file.
struct ZoneLoading {
    std::optional<LoadedFile> loaded;  ///< None when there is an error.
    bool unchanged = false;            ///< It is the version that was given.
    zones::Diagnostics diagnostics;
};

/// Remembers the serial under which each zone was last served: a default serial, which is the
/// file's time of modification, never falls behind it and grows with every change of the text, so
/// that secondaries notice (RFC 1982 orders serials).
class SerialMemory {
public:
    /// The serial for a zone whose file gives none.
    [[nodiscard]] std::uint32_t choose(const dns::Name& apex, std::uint32_t by_time,
                                       bool text_changed) const;
    void remember(const dns::Name& apex, std::uint32_t serial);

private:
    std::map<dns::Name, std::uint32_t> served_;
};

/// Reads a file whole, then parses it. `running` is the version in use, if any.
ZoneLoading load_zone(const std::string& path, const LoadedFile* running,
                      const SerialMemory& serials);

}  // namespace meridian::server
