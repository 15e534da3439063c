// Tells what a load or reload came to.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/snapshot.h"

namespace meridian::server {

/// A master file that nobody looked at, since the zone file that names it has an error.
struct FileNotRead {
    std::string path;
    std::string zone_file;
};

/// What a load or reload came to.
struct LoadReport {
    std::shared_ptr<const zones::Snapshot> snapshot;  ///< Null: nothing new to serve.
    zones::Diagnostics diagnostics;                   ///< Of zone files and of their directory.
    std::string database_error;                       ///< Empty when there is none.
    bool database_changed = false;
    std::string database_change;  ///< What it was and is, where it changed; else empty.
    std::vector<std::string> database_warnings;  ///< Of one that was read: what it lacks.
    std::vector<std::string> added;              ///< Files, as `diagnostics` names them.
    std::vector<std::string> changed;
    std::vector<std::string> removed;
    std::vector<std::string>
        kept;  ///< Files with an error, or held: their last good version, if any, stays.
    std::vector<std::string> held;  ///< Of these, files whose change a guard held back.
    std::vector<FileNotRead> not_read;
    bool database_held = false;         ///< As `held`; `database_error` says why.
    bool directory_unreadable = false;  ///< Nothing is known of any zone; an error says why.
    /// Nothing went wrong.
    [[nodiscard]] bool clean() const;
    /// `diagnostics`, and what there is to say of the database.
    [[nodiscard]] zones::Diagnostics all_diagnostics() const;
};

}  // namespace meridian::server
