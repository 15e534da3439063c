// Finds where a file lies that a zone file names.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "meridian/result.h"

namespace meridian::server {

struct FolderPlace {
    std::string real;       ///< The canonical path of the file.
    std::string in_folder;  ///< The same, as diagnostics name it.
};

/// Where the file `shown` lies, below the folder of the zone file. The error, in words, says that
/// there is no such file, or that it lies outside, be it through a symbolic link.
Result<FolderPlace, std::string> find_in_folder(const std::string& folder,
                                                const std::string& shown);

}  // namespace meridian::server
