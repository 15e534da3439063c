// Writes and reads the requests of the control socket as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>

#include "meridian/result.h"
#include "server/runtime/explanation.h"

namespace meridian::server {

enum class ControlCommand : std::uint8_t { Status, Reload, Why };

struct ControlRequest {
    ControlCommand command{};
    /// The absolute path of the meridian.toml of the server that is meant; empty: any server.
    std::string configuration = {};
    bool force = false;          ///< Of a reload.
    QuestionText question = {};  ///< Of why.
};

boost::json::object control_request_json(const ControlRequest& request);

/// Refuses, with the error in words, a command that is not known, a field that this command does
/// not have, and a value of another type: a request that is understood in part would do something
/// else than the client wants.
Result<ControlRequest, std::string> control_request_from_json(const boost::json::object& object);

}  // namespace meridian::server
