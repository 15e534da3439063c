// Reads the files that zone files name, within the folder of the zone file.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/named_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "meridian/limits.h"
#include "server/sources/file_text.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

/// Whether `path` lies below `folder`; both are canonical.
bool lies_in(const fs::path& path, const fs::path& folder) {
    const auto [end_of_folder, rest] = std::ranges::mismatch(folder, path);
    return end_of_folder == folder.end() && rest != path.end();
}

}  // namespace

std::string stamp_of(const std::string& path) {
    struct stat status{};
    if (stat(path.c_str(), &status) != 0) { return {}; }
    return std::to_string(status.st_dev) + ' ' + std::to_string(status.st_ino) + ' ' +
           std::to_string(status.st_size) + ' ' + std::to_string(status.st_mtim.tv_sec) + ' ' +
           std::to_string(status.st_mtim.tv_nsec);
}

bool is_unchanged(const std::vector<NamedFileState>& files) {
    return std::ranges::all_of(
        files, [](const NamedFileState& file) { return stamp_of(file.path) == file.stamp; });
}

NamedFiles::NamedFiles(const std::string& zone_file)
    : folder_(fs::path(zone_file).parent_path().string()) {}

zones::FileReader NamedFiles::reader() {
    return [this](const std::string& path) { return read_named(path); };
}

Result<zones::NamedFile, std::string> NamedFiles::read_named(const std::string& path) {
    if (const auto known = texts_.find(path); known != texts_.end()) { return known->second; }
    const std::string shown = (fs::path(folder_) / path).string();
    // Remembered before it is read: a change in between shows at the next look.
    read_.push_back({shown, 0, stamp_of(shown), 0});
    std::error_code error;
    const fs::path folder = fs::canonical(folder_.empty() ? "." : folder_, error);
    const fs::path real = error ? fs::path() : fs::canonical(shown, error);
    if (error) { return Failure{"cannot read " + shown + ": " + error.message()}; }
    if (!lies_in(real, folder)) {
        return Failure{shown + " lies outside of " + folder.string() +
                       ", where the files of a zone must be"};
    }
    auto file = read_file(real.string(), kMaxMasterFileOctets);
    if (!file) { return Failure{std::move(file).error().text}; }
    read_.back().text_hash = std::hash<std::string>{}(file->text);
    read_.back().modified = file->modified;
    zones::NamedFile named{shown, std::make_shared<const std::string>(std::move(file->text))};
    texts_.emplace(path, named);
    return named;
}

}  // namespace meridian::server
