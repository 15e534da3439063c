// Walks a path so that nobody who may not be trusted leads a privileged process elsewhere.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>

#include "meridian/file_descriptor.h"
#include "meridian/result.h"

namespace meridian::server {

/// Whom a process that is root gives its files to before it becomes that user.
struct FutureOwner {
    std::uint32_t user_id = 0;
    std::uint32_t group_id = 0;
};

/// Where a path ends: its last part, in a folder that is held open.
struct PathEnd {
    FileDescriptor folder;  ///< Opened with O_PATH.
    std::string name;
    /// Whether nobody but root can have laid what is found there, or can replace it: no folder on
    /// the way is somebody else's or open to others. Always true for who is not root.
    bool is_sheltered = true;
};

/// What is missing on the way.
enum class MissingFolders : bool { Refuse, Make };

/// Goes to the end of `path`, folder by folder. Root follows a symbolic link where only root can
/// have laid it, as systemd does for /var/lib/meridian; any other is an error, also as the last
/// part. So whoever may write to a folder on the way does not lead root out of it. Who is not root
/// follows all: whatever others have laid, it may do no more than it may anyway. The error is in
/// words and names the path.
Result<PathEnd, std::string> walk_to_end(const std::string& path, MissingFolders missing);

/// Whether a file is root's, or of whom root is about to become. Always true for who is not root.
bool is_of_ours(const struct stat& status, const std::optional<FutureOwner>& future);

/// "user ada", or "user 1001" where that one has no name.
std::string user_text(std::uint32_t user_id);

}  // namespace meridian::server
