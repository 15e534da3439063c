// Finds the sample zones and the geo data that come with Meridian.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/shipped_data.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> candidates() {
    const char* chosen = std::getenv("MERIDIAN_DATA");
    if (chosen != nullptr && *chosen != '\0') { return {chosen}; }

    std::vector<fs::path> found;
    std::error_code error;
    const fs::path binary = fs::read_symlink("/proc/self/exe", error);
    if (!error) { found.push_back(binary.parent_path().parent_path() / "share/meridian"); }
    // packaging/ has the layout of an installed share/meridian: zones/ and world/.
    found.emplace_back(fs::path(MERIDIAN_SOURCE_DIR) / "packaging");
    return found;
}

ShippedData data_in(const fs::path& directory) {
    return {(directory / "zones").string(), (directory / "world/dbip-city-lite.world").string()};
}

}  // namespace

ShippedData find_shipped_data() {
    const std::vector<fs::path> directories = candidates();
    for (const fs::path& directory : directories) {
        const ShippedData data = data_in(directory);
        std::error_code error;
        if (fs::is_directory(data.zones, error) || fs::exists(data.world, error)) { return data; }
    }
    return data_in(directories.front());
}

}  // namespace meridian::server
