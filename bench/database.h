// Reads the geo database that a benchmark is to use.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/result.h"

namespace meridian::bench {

/// A `.world` file, or one or more MaxMind DB files. The error is in words.
Result<std::shared_ptr<const geo::Atlas>, std::string> read_database(
    const std::vector<std::string>& paths);

}  // namespace meridian::bench
