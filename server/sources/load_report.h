// Describes what a load or reload came to.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/snapshot.h"
#include "server/sources/source_look.h"
#include "server/sources/zone_loader.h"

namespace meridian::server {

/// A master file that is not read, because the zone file that names it has an error.
struct FileNotRead {
    std::string path;
    std::string zone_file;
};

/// What a load makes of one file. Each step of a load sets it anew, and the last step wins.
enum class FileFate : std::uint8_t {
    Unchanged,  ///< The version that was served before is served.
    Added,      ///< It is served now, and was not before.
    Changed,    ///< Its new version is served.
    Removed,    ///< It is gone, and its zones are gone with it.
    Faulty,     ///< It has an error. Its last good version, if any, is served.
    HeldBack,   ///< A guard holds its change or its removal back. Its last good version is served.
    Gone,       ///< It is gone, but no file is without an error. Its last good version is served.
};

/// Whether the version of such a file is new with this load.
constexpr bool is_new(FileFate fate) {
    return fate == FileFate::Added || fate == FileFate::Changed;
}

/// Whether what is served of such a file, if anything, is its last good version.
constexpr bool is_last_good(FileFate fate) {
    return fate == FileFate::Faulty || fate == FileFate::HeldBack || fate == FileFate::Gone;
}

/// What a load or reload came to.
struct LoadReport {
    std::shared_ptr<const zones::Snapshot> snapshot;  ///< Null: nothing new to serve.
    zones::Diagnostics diagnostics;                   ///< Of zone files and of their directory.
    std::string database_error;                       ///< Empty when there is none.
    bool database_changed = false;
    std::string database_change;                 ///< What it was and is, if it changed; else empty.
    std::vector<std::string> database_warnings;  ///< Of one that was read: what it lacks.
    /// Other than Unchanged; by path, as `diagnostics` names the files.
    std::map<std::string, FileFate> fates;
    std::vector<FileNotRead> not_read;
    bool database_held_back = false;  ///< By a guard; `database_error` says why.
    /// At a start: the copy of a file that was served last and has an error now cannot be used. An
    /// error says why, and nothing is served.
    bool lacks_copy = false;
    bool directory_unreadable = false;  ///< Nothing is known of any zone; an error says why.
    bool compares_files =
        false;  ///< A warning depends on several files; an edit of one may end it.
    /// Of a load that read no other files than those of an edit: their versions from before it.
    std::optional<ZonesByFile> replaced = {};
    SourceLook looked_at = {};  ///< Likewise: the states of those files and of what they name.

    void set_fate(const std::string& file, FileFate fate);
    /// Unchanged for a file that no step has noted.
    [[nodiscard]] FileFate fate_of(const std::string& file) const;
    /// Files of that fate, sorted.
    [[nodiscard]] std::vector<std::string> files(FileFate fate) const;
    /// Files that are faulty, held back or gone: what is served of them is their last good version,
    /// if there is one. Sorted.
    [[nodiscard]] std::vector<std::string> files_with_errors() const;

    /// Nothing went wrong.
    [[nodiscard]] bool clean() const;
    /// `diagnostics`, and the error and the warnings of the database.
    [[nodiscard]] zones::Diagnostics all_diagnostics() const;
};

}  // namespace meridian::server
