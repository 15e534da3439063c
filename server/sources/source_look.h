// Tells whether anything that is served may have changed, without reading any of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

namespace meridian::server {

/// What the file system says of files at one moment: a stamp for each path, as `stamp_of` gives it.
using SourceLook = std::map<std::string, std::string>;

/// Adds the zone files of a directory; one that cannot be listed stands there itself, with the
/// reason.
void look_at_directory(const std::string& directory, SourceLook& look);

void look_at_files(const std::vector<std::string>& paths, SourceLook& look);

}  // namespace meridian::server
