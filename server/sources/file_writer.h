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

/// A file of our own, in a folder that is held open.
struct PrivateFile {
    int folder = -1;
    std::string name;
    std::string path;  ///< For the error.
};

/// When what is written is on the disk: at once, or with `sync_files` at the latest. Until then a
/// crash of the machine may leave a file that is empty or cut.
enum class Sync : bool { Later, Now };

/// Replaces a file that is for its owner alone, mode 0600 whatever the umask. What lies in its
/// place, a link as well, is replaced and not followed.
Result<Unit, std::string> write_private_file(const PrivateFile& file, std::string_view text,
                                             Sync sync);

/// Brings files of a folder, which is open and called `path`, to the disk.
Result<Unit, std::string> sync_files(int folder, const std::vector<std::string>& names,
                                     const std::string& path);

/// The name of the file whose place a file called `name` was to take, when its writer died; empty
/// where that is no name that a writer gives.
std::string_view unfinished_of(std::string_view name);

}  // namespace meridian::server
