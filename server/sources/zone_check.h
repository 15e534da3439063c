// Checks zones that are not served yet.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"
#include "server/sources/load_report.h"

namespace meridian::server {

/// A world without places.
std::shared_ptr<const geo::Atlas> world_of_no_places();

/// The diagnostics of compiling zones over such a world: faults that no file shows alone.
zones::Diagnostics check_together(std::vector<std::shared_ptr<const zones::Zone>> zones);

/// The diagnostics of several files.
struct FilesCheck {
    zones::Diagnostics diagnostics;
    std::vector<FileNotRead> not_read;
    std::size_t zone_count = 0;  ///< Of those without an error.
};

/// The commands that checks may name; null where they are not known: any.
using KnownCommands = std::shared_ptr<const zones::CommandNames>;

/// Checks single files as `load` would, then all of them together.
FilesCheck check_zone_files(const std::vector<std::string>& files,
                            const KnownCommands& commands = {});

/// Checks a directory of zones as a server would read it.
FilesCheck check_zones_directory(const std::string& directory, const KnownCommands& commands = {});

/// Checks a master file of any name as that of the zone `apex`.
FilesCheck check_master_file(const std::string& file, const std::string& apex);

}  // namespace meridian::server
