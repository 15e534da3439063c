// Reduces a status to chosen zones.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "server/runtime/server_status.h"

namespace meridian::server {

/// Names of zones, in any case and with or without the final dot, and patterns in which `*` stands
/// for any text.
class ZoneFilter {
public:
    explicit ZoneFilter(std::vector<std::string> patterns);

    /// Removes the other zones, the errors of files that serve none of the chosen zones, and the
    /// changes that are held back of others.
    /// Without a pattern it removes nothing.
    void apply(ServerStatus& status) const;
    /// The same in the JSON of a status.
    void apply(boost::json::object& status) const;

    /// The patterns that no zone of the status matches.
    [[nodiscard]] std::vector<std::string> without_zone(const ServerStatus& status) const;

private:
    std::vector<std::string> patterns_;
};

}  // namespace meridian::server
