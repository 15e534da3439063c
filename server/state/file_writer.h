// Replaces a file whole, so that no reader ever sees half of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/file_descriptor.h"
#include "meridian/result.h"

namespace meridian::server {

/// Writes `text` beside `path`, brings it to the disk, and puts it in the place of `path` in one
/// step: whatever happens meanwhile, there is the old text or the new one.
///
/// The new file gets the mode and the owner of the old one. If the system refuses that, the old
/// file stays as it is. A symbolic link stays, and its target is replaced. `expected_state` is what
/// `file_state_of` returned when the old text was read, empty if there was no file: a file that has
/// changed since is left alone. The error is in words and names the path.
Result<Unit, std::string> write_file_atomically(
    const std::string& path, std::string_view text,
    const std::optional<std::string>& expected_state = {});

/// A file of our own, in a folder that is open.
struct PrivateFile {
    int folder = -1;
    std::string name;
    std::string path;  ///< For the error.
};

/// When a written file reaches the disk: at once, or with `sync_files` at the latest. Until then a
/// crash of the machine may leave it empty or cut.
enum class Sync : bool { Later, Now };

/// Replaces a file that only its owner may read, mode 0600 whatever the umask. A link in its place
/// is replaced and not followed.
Result<Unit, std::string> write_private_file(const PrivateFile& file, std::string_view text,
                                             Sync sync);

/// Appends to a file that is open for that and has `octets`. Where that fails it is cut to these
/// again, as far as the system lets it. `path` is for the error.
Result<Unit, std::string> append_to(const FileDescriptor& file, std::string_view text,
                                    std::uint64_t octets, const std::string& path);

/// Brings files of a folder, which is open and called `path`, to the disk.
Result<Unit, std::string> sync_files(int folder, const std::vector<std::string>& names,
                                     const std::string& path);

/// The target of a temporary file called `name` whose writer died. Empty if it is not the name of
/// such a temporary file.
std::string_view unfinished_of(std::string_view name);

}  // namespace meridian::server
