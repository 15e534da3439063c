// Finds the zone file that reads another file.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/file_readers.h"

#include <algorithm>

#include "server/sources/file_text.h"

namespace meridian::server {

FileReaders::FileReaders(const std::map<std::string, LoadedFile>& read) {
    for (const auto& [file, zone] : read) {
        if (is_master_file(file)) { continue; }
        for (const NamedFileState& named : zone.named) {
            readers_.emplace(named.path, &file);
            if (!named.stamp.empty()) { readers_.emplace(named.stamp, &file); }
        }
    }
}

const std::string* FileReaders::of(const std::string& path) const {
    if (readers_.empty()) { return nullptr; }
    const std::string* const by_path = find(path);
    const std::string* const by_stamp = find(stamp_of(path));
    if (by_path == nullptr || by_stamp == nullptr) { return by_path ? by_path : by_stamp; }
    return std::min(by_path, by_stamp, [](auto left, auto right) { return *left < *right; });
}

const std::string* FileReaders::find(const std::string& name) const {
    const auto found = readers_.find(name);
    return found == readers_.end() ? nullptr : found->second;
}

}  // namespace meridian::server
