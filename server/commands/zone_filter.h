// Chooses the zones that a status is to tell of.
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

    /// Leaves what concerns the chosen zones: other zones go, and so do the errors of files that
    /// serve none. All stays where there is no pattern.
    void apply(ServerStatus& status) const;
    /// The same in the JSON of a status.
    void apply(boost::json::object& status) const;

    /// The patterns that no zone of the status matches.
    [[nodiscard]] std::vector<std::string> without_zone(const ServerStatus& status) const;

private:
    std::vector<std::string> patterns_;
};

}  // namespace meridian::server
