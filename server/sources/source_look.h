// Tells whether anything that is served may have changed, without reading any of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::server {

/// What the file system says of files at one moment: a stamp for each path, as `stamp_of` gives it.
using SourceLook = std::map<std::string, std::string>;

/// Files by what identifies them on this machine, whatever their names.
using FileIds = std::set<std::string>;

/// The identity in a stamp; empty in that of no file.
std::string file_id_in(const std::string& stamp);

/// Stands in a look for a file that was not read because somebody was writing it: no stamp is
/// this, so the next look finds a change.
inline constexpr std::string_view kUnfinished = "unfinished";

/// Whether the two differ in a file other than `unfinished` ones.
bool differ(const SourceLook& now, const SourceLook& seen, const FileIds& unfinished);

/// Adds the zone files of a directory; one that cannot be listed stands there itself, with the
/// reason.
void look_at_directory(const std::string& directory, SourceLook& look);

void look_at_files(const std::vector<std::string>& paths, SourceLook& look);

}  // namespace meridian::server
