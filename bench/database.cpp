// Reads the geo database that a benchmark is to use.
//
// SPDX-License-Identifier: Apache-2.0
#include "bench/database.h"

#include <utility>

#include "meridian/geo/mmdb_reader.h"
#include "meridian/geo/world.h"

namespace meridian::bench {

Result<std::shared_ptr<const geo::Atlas>, std::string> read_database(
    const std::vector<std::string>& paths) {
    const bool is_world = paths.size() == 1 && geo::is_world_file(paths.front());
    auto atlas = is_world ? geo::read_world(paths.front()) : geo::read_mmdb(paths);
    if (!atlas) { return Failure{std::move(atlas).error()}; }
    return std::shared_ptr<const geo::Atlas>(
        std::make_shared<geo::Atlas>(std::move(atlas).value()));
}

}  // namespace meridian::bench
