// Remembers which master files are wanted by zone files with errors.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/broken_zones.h"

#include <filesystem>

#include "meridian/limits.h"
#include "meridian/zones/zone_reader.h"
#include "server/state/file_text.h"

namespace meridian::server {

void BrokenZones::add(const std::string& zone_file) {
    const auto file = read_file(zone_file, kMaxTomlFileOctets);
    if (!file) { return; }
    zone_files_.push_back(zone_file);
    const std::string_view text = file->text;
    constexpr std::string_view kEnding = zones::kMasterFileEnding;
    for (auto at = text.find(kEnding); at != text.npos; at = text.find(kEnding, at + 1)) {
        // Back to the quote or the folder in front of it.
        const auto before = text.substr(0, at).find_last_of("\"'/\n");
        const std::size_t begin = before == text.npos ? 0 : before + 1;
        wanted_.emplace(text.substr(begin, at + kEnding.size() - begin), zone_file);
    }
}

const std::string* BrokenZones::wanting(const std::string& path) const {
    const auto found = wanted_.find(std::filesystem::path(path).filename().string());
    return found == wanted_.end() ? nullptr : &found->second;
}

void BrokenZones::leave_out_named(std::vector<std::string>& paths) const {
    if (paths.empty()) { return; }
    for (const std::string& zone_file : zone_files_) {
        const auto file = read_file(zone_file, kMaxTomlFileOctets);
        if (!file) { continue; }
        std::erase_if(paths, [&](const std::string& path) {
            const std::string name = std::filesystem::path(path).filename().string();
            return file->text.find(name) != std::string::npos;
        });
    }
}

}  // namespace meridian::server
