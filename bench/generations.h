// Finds which version of a zone an answer comes from, where the zone writes it into its addresses.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace meridian::bench {

/// Counts answers by version. In a zone made for this, every A record holds the version in its
/// second and third octet: an answer with two versions was composed while the zone changed.
class Generations {
public:
    void add(std::span<const std::uint8_t> reply);

    /// Members of a JSON object: `mixed`, `without_address`, and `generations`, how many answers
    /// each had.
    [[nodiscard]] std::string to_json() const;

private:
    std::vector<std::uint64_t> seen_ = std::vector<std::uint64_t>(65536);
    std::uint64_t mixed_ = 0;
    std::uint64_t without_ = 0;
};

}  // namespace meridian::bench
