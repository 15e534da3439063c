// Finds whether a source file may have changed, without reading it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/result.h"

namespace meridian::server {

struct ZoneFiles;

/// What the file system says of files at one moment: a file state for each path,
/// as `file_state_of` gives it.
using SourceLook = std::map<std::string, std::string>;

/// Files by device and inode, whatever their names.
using FileIds = std::set<std::string, std::less<>>;

/// The identity in a file state, which it points into; empty where there is no file.
std::string_view file_id_in(std::string_view state);

/// Stands in a look for a file that was not read because it was being written. No file state is
/// this text, so the next look finds a change.
inline constexpr std::string_view kUnfinished = "unfinished";

/// Whether the two differ in a file other than `unfinished` ones.
bool differ(const SourceLook& now, const SourceLook& seen, const FileIds& unfinished);

/// Adds the zone files of a directory. A directory that cannot be listed is added itself, with the
/// reason.
void look_at_directory(const std::string& directory, SourceLook& look);
/// The same with what `list_zone_files` gave.
void look_at_listing(const std::string& directory, const Result<ZoneFiles, std::string>& listing,
                     SourceLook& look);

void look_at_files(const std::vector<std::string>& paths, SourceLook& look);

}  // namespace meridian::server
