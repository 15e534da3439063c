// Finds the nearest region from a database file alone, without any of our geo code.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "meridian/geo/location.h"
#include "meridian/ip_address.h"
#include "meridian/ip_prefix.h"
#include "tests/support/random_addresses.h"

namespace meridian::test {

/// Looks addresses up with libmaxminddb and measures with the haversine formula.
class NaiveNearest {
public:
    /// Expects databases that libmaxminddb opens, in either layout. The first one that knows an
    /// address decides its place; `default_region` is for addresses that none knows.
    NaiveNearest(const std::vector<std::string>& paths, std::vector<geo::Coordinates> regions,
                 std::size_t default_region);
    ~NaiveNearest();

    /// Draws located networks of a family, each network of the files with the same probability.
    [[nodiscard]] std::vector<IpPrefix> draw_networks(Random& random, Family family,
                                                      std::size_t count) const;

    /// Whether `region` is the nearest for most of the located addresses of `block`: no other
    /// region is for more of them, where one within half a kilometre of the nearest counts as
    /// nearest too.
    [[nodiscard]] bool is_nearest_for_most(const IpPrefix& block, std::size_t region) const;

    /// The parts of `block` that lie in different places, for failure messages.
    [[nodiscard]] std::string describe(const IpPrefix& block) const;

private:
    struct Database;
    struct Part {
        IpPrefix prefix;
        bool is_located = false;
        geo::Coordinates at;
    };
    [[nodiscard]] Part part_at(const IpAddress& address) const;
    [[nodiscard]] std::vector<Part> parts_of(const IpPrefix& block) const;

    std::vector<std::unique_ptr<Database>> databases_;
    std::vector<geo::Coordinates> regions_;
    std::size_t default_region_;
};

}  // namespace meridian::test
