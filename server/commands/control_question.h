// Asks the running server for the commands that speak with it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "meridian/result.h"
#include "server/control/control_request.h"

namespace meridian::server {

/// Where a server is to be found.
struct ControlTarget {
    std::string config_file;  ///< As `load_settings` takes it.
    std::string socket;       ///< Instead of what that leads to, unless it is empty.
};

/// Why there is no reply.
enum class NoReply : std::uint8_t {
    Silence,    ///< No server listens, or it does not answer.
    CannotAsk,  ///< Neither was found out: no leave, no usable configuration, another server.
};

/// The server's reply, or none, with a complaint on stderr. Where `target` names a configuration or
/// one is found, no other server answers. An error in that file hides no server that runs with it.
Result<boost::json::object, NoReply> ask_server(const ControlTarget& target, ControlRequest request,
                                                std::chrono::milliseconds timeout);

}  // namespace meridian::server
