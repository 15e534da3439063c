// Reads the geo database of a benchmark.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/geo/mmdb_reader.h"
#include "meridian/geo/world.h"
#include "meridian/result.h"

namespace meridian::bench {

/// Reads a `.world` file, or one or more MaxMind DB files. The error is a sentence.
inline Result<std::shared_ptr<const geo::Atlas>, std::string> read_database(
    const std::vector<std::string>& paths) {
    const bool is_world = paths.size() == 1 && geo::is_world_file(paths.front());
    auto atlas = is_world ? geo::read_world(paths.front()) : geo::read_mmdb(paths);
    if (!atlas) { return Failure{std::move(atlas).error()}; }
    return std::shared_ptr<const geo::Atlas>(
        std::make_shared<geo::Atlas>(std::move(atlas).value()));
}

}  // namespace meridian::bench
