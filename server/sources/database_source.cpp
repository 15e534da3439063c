// Reads the geo database and notices when its files have changed.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/database_source.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "meridian/geo/mmdb_reader.h"
#include "meridian/geo/world.h"

namespace meridian::server {

namespace {

std::vector<FileStamp> stamps_of(const std::vector<std::string>& paths) {
    std::vector<FileStamp> stamps;
    for (const std::string& path : paths) {
        struct stat status{};
        // A file that is not there keeps the empty stamp; reading it tells the operator.
        if (stat(path.c_str(), &status) != 0) { status = {}; }
        stamps.push_back({.device = status.st_dev,
                          .inode = status.st_ino,
                          .octets = status.st_size,
                          .changed_seconds = status.st_ctim.tv_sec,
                          .changed_nanoseconds = status.st_ctim.tv_nsec});
    }
    return stamps;
}

}  // namespace

Result<std::shared_ptr<const geo::Atlas>, std::string> read_database(
    const std::vector<std::string>& paths) {
    const auto worlds = std::ranges::count_if(paths, geo::is_world_file);
    if (worlds > 0 && paths.size() > 1) {
        return Failure{
            std::string("a .world file covers both families: it stands alone, not "
                        "beside other databases")};
    }
    auto atlas = worlds > 0 ? geo::read_world(paths.front()) : geo::read_mmdb(paths);
    if (!atlas) { return Failure{atlas.error()}; }
    return std::shared_ptr<const geo::Atlas>(
        std::make_shared<geo::Atlas>(std::move(atlas).value()));
}

DatabaseSource::DatabaseSource(std::vector<std::string> paths) : paths_(std::move(paths)) {}

Result<std::shared_ptr<const geo::Atlas>, std::string> DatabaseSource::read_if_changed() {
    read_ = accepted_;
    // Taken before reading: a change in between is seen as one the next time.
    std::vector<FileStamp> stamps = stamps_of(paths_);
    if (stamps == accepted_) { return std::shared_ptr<const geo::Atlas>(); }
    auto atlas = read_database(paths_);
    if (atlas) { read_ = std::move(stamps); }
    return atlas;
}

}  // namespace meridian::server
