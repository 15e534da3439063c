// Replaces a file whole, so that nobody ever reads half of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/result.h"

namespace meridian::server {

/// Writes `text` beside `path`, brings it to the disk, and puts it in the place of `path` in one
/// step: whatever happens meanwhile, there is the old text or the new one.
///
/// A file that was there keeps its mode and owner, or is left as it is where the system refuses
/// that; a symbolic link stays, and what it leads to is replaced. `expected_stamp` is what
/// `stamp_of` said when the old text was read, empty where there was no file: a file that has
/// changed since is left alone. The error is in words and names the path.
Result<Unit, std::string> write_file_atomically(
    const std::string& path, std::string_view text,
    const std::optional<std::string>& expected_stamp = {});

/// The same for many files: what is written comes to the disk with `sync_files` at the latest.
/// Until then a crash of the machine may leave a file that is empty or cut.
Result<Unit, std::string> write_file_unsynced(const std::string& path, std::string_view text);

/// Brings files of a folder to the disk, under the names that they have now.
Result<Unit, std::string> sync_files(const std::string& folder,
                                     const std::vector<std::string>& names);

/// Whether a file of that name is one that `write_file_atomically` had not put in place yet. It is
/// nobody's any more once its writer is dead.
bool is_unfinished(std::string_view name);

}  // namespace meridian::server
