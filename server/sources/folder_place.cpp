// Finds where a file lies that a zone file names.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/folder_place.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

/// Whether `path` lies below `folder`; both are canonical.
bool lies_in(const fs::path& path, const fs::path& folder) {
    const auto [end_of_folder, rest] = std::ranges::mismatch(folder, path);
    return end_of_folder == folder.end() && rest != path.end();
}

}  // namespace

Result<FolderPlace, std::string> find_in_folder(const std::string& folder,
                                                const std::string& shown) {
    std::error_code error;
    const fs::path real_folder = fs::canonical(folder.empty() ? "." : folder, error);
    const fs::path real = error ? fs::path() : fs::canonical(shown, error);
    if (error) { return Failure{"cannot read " + shown + ": " + error.message()}; }
    if (!lies_in(real, real_folder)) {
        return Failure{shown + " lies outside of " + real_folder.string() +
                       ", where the files of a zone must be"};
    }
    return FolderPlace{real.string(),
                       (fs::path(folder) / real.lexically_relative(real_folder)).string()};
}

}  // namespace meridian::server
