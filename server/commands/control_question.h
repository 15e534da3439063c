// Asks the running server for the commands that speak with it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <string>

namespace meridian::server {

/// Where a server is to be found.
struct ControlTarget {
    std::string config_file;  ///< As `load_settings` takes it.
    std::string socket;       ///< Instead of what that leads to, unless it is empty.
};

struct ControlReply {
    std::string line;
    boost::json::object object;
};

/// The server's reply, or none, with a complaint on stderr.
std::optional<ControlReply> ask_server(const ControlTarget& target,
                                       const boost::json::object& question,
                                       std::chrono::milliseconds timeout);

}  // namespace meridian::server
