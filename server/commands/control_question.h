// Sends a request of a command to the running server.
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

/// Where the server listens.
struct ControlTarget {
    std::string config_file;  ///< A path, or empty, as for `load_settings`.
    std::string socket;       ///< The socket; empty: the one that the configuration leads to.
};

/// The user who became root by sudo to run this command; empty: none.
std::string sudo_user();

/// Why there is no reply.
enum class NoReply : std::uint8_t {
    Silence,    ///< No server listens, or it does not answer.
    CannotAsk,  ///< Not known: no permission, no usable configuration, another server.
};

/// Returns the server's reply, or none, with an error on stderr. Where `target` names a
/// configuration or one is found, a server with another configuration refuses. Where that file has
/// errors, the server that runs with it is asked all the same.
Result<boost::json::object, NoReply> ask_server(const ControlTarget& target, ControlRequest request,
                                                std::chrono::milliseconds timeout);

}  // namespace meridian::server
