// Walks a path so that no untrusted user can redirect a privileged process by a link.
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

/// The user that a root process becomes. It gives its files to that user before.
struct FutureOwner {
    std::uint32_t user_id = 0;
    std::uint32_t group_id = 0;
};

/// Where a path ends: its last part, in a folder that is open.
struct PathEnd {
    FileDescriptor folder;  ///< Opened with O_PATH.
    std::string name;
    /// Whether only trusted users can have put a file there, or can replace it: each folder on the
    /// way belongs to one of them, and no other user may write to it.
    bool is_sheltered = true;
    /// The first folder on the way that an untrusted user owns, or that everybody may write to,
    /// with the reason: "/x/logs belongs to user ada". Empty if there is none.
    std::string exposed_by;
};

/// Whose folders and links a walk trusts.
enum class Trusted : std::uint8_t {
    ByRights,     ///< Root alone where the process is root; any other process trusts every user.
    Root,         ///< Root alone, as in a start by root, whatever the process has become since.
    RootAndSelf,  ///< Root and the user of the process.
};

/// What happens to a missing folder: an error, it is made, or the path ends there.
enum class MissingFolders : std::uint8_t { Refuse, Make, StopBefore };

/// What a start demands of files and folders. The process keeps these rules after it has become
/// another user, so that it takes nothing later that its next start refuses.
struct PathRules {
    Trusted trusted = Trusted::ByRights;
    std::optional<FutureOwner> future = {};  ///< The user that a root process becomes.
};

/// The rules of a start by the user of this process: root trusts no other user, and any other user
/// as `of_others` says.
PathRules rules_of_start(const std::optional<FutureOwner>& future, Trusted of_others);

/// Goes to the end of `path`, folder by folder. A symbolic link is followed only if no untrusted
/// user can have made it, as systemd does for /var/lib/meridian. Any other link is an error, also
/// as the last part, so that a user who may write to a folder on the way cannot redirect the
/// process. The error is in words and names the path.
Result<PathEnd, std::string> walk_to_end(const std::string& path, MissingFolders missing,
                                         Trusted trusted = Trusted::ByRights);

/// Whether a file belongs to a trusted user, or to the one that root becomes.
bool is_of_ours(const struct stat& status, const PathRules& rules);

/// Whether a file was made by root, by this process or by the user that it becomes. In a folder
/// with the sticky bit, such as a tmpfs, other users make files, too, also where this process is
/// not root.
bool is_by_trusted_user(const struct stat& status, const std::optional<FutureOwner>& future);

/// Whether other users may replace files in a folder that root trusts. The group of root, and that
/// of the user that root is about to become, has no other members. With the sticky bit, as on a
/// tmpfs, other users can replace only their own files. Never true where every user is trusted:
/// other users' files give such a process no rights, and Kubernetes often gives it such a folder.
bool is_open_to_others(const struct stat& status, const PathRules& rules);

/// "0777"
std::string mode_text(const struct stat& status);

/// "user ada", or "user 1001" if it has no name.
std::string user_text(std::uint32_t user_id);

}  // namespace meridian::server
