// Finds the user that a server becomes, and files that this user cannot read.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "meridian/result.h"
#include "server/runtime/privileges.h"
#include "server/runtime/settings.h"
#include "server/sources/source_look.h"
#include "server/state/trusted_path.h"

namespace meridian::server {

/// The user that this process becomes with these settings. None if it is not root, or is to stay
/// root. The error says that there is no such user.
Result<std::optional<SystemUser>, std::string> user_to_become(const Settings& settings);

/// The group that may use the control socket, which this process, or the user that it becomes, can
/// give files to. The error has the key's position.
Result<std::optional<std::uint32_t>, zones::Diagnostic> control_group_of(const Settings& settings);

/// The user whose server the state directory is for, where this process is root: the one that a
/// start becomes. Without `server.user`, a service manager starts the server as the user that the
/// first existing directory belongs to, and that user's files are read. None for other processes.
std::optional<FutureOwner> owner_of_state(const Settings& settings);

struct UnreadableFile {
    std::string path;
    std::string problem;  ///< A sentence with user and file.
};

/// The files that the user of the calling thread, called `name`, cannot read: meridian.toml, the
/// file of overrides, the zones directory and those in `seen`.
std::vector<UnreadableFile> unreadable_files(const std::string& name, const Settings& settings,
                                             const SourceLook& seen);

}  // namespace meridian::server
