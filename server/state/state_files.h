// Names, lists and opens the files in the state directory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <string>
#include <string_view>
#include <vector>

#include "meridian/file_descriptor.h"

namespace meridian::server {

/// How a folder is opened: not through a link.
inline constexpr int kOpenFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/// Whether this is a name that Meridian gives to files in `folder`. Other files are not touched.
bool is_own_name(std::string_view folder, std::string_view name);

/// The two parts of "FOLDER/NAME".
struct StateName {
    std::string folder;  ///< Empty: the directory itself.
    std::string name;
};

StateName split_state_name(std::string_view name);

/// All names, also those of links and of files that are not ours.
std::vector<std::string> names_in(const FileDescriptor& folder);

/// Opens an ordinary file that has no second name. A link is refused, and so is a hard link to a
/// file of another user. `access` is one of open(2), such as O_RDONLY.
FileDescriptor open_own(const FileDescriptor& folder, const std::string& name, struct stat& status,
                        int access = O_RDONLY);

}  // namespace meridian::server
