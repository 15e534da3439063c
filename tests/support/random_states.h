// Draws states of regions: what is up, and on which rung of the answer ladder.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "meridian/zones/live_table.h"

namespace meridian::test {

/// Another state for each region of each service.
inline std::vector<zones::LiveChange> random_changes(const zones::LiveTable& live,
                                                     std::mt19937_64& random) {
    std::vector<zones::LiveChange> changes;
    for (std::uint32_t cell = 0; cell < live.cells().size(); ++cell) {
        if (live.cells()[cell] == zones::LiveCell{}) { continue; }  // of a last resort
        zones::LiveChange change{.cell = cell};
        for (std::size_t family = 0; family < 2; ++family) {
            change.rungs.at(family) = static_cast<zones::Rung>(random() % 6);
            if (random() % 4 == 0) { change.up_addresses.at(family) = 0; }
        }
        changes.push_back(change);
    }
    return changes;
}

}  // namespace meridian::test
