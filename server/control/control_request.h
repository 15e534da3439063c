// Says what can be asked over the control socket, and reads it from JSON.
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
    /// The absolute path of the meridian.toml whose server is meant; empty: whichever listens.
    std::string configuration = {};
    bool force = false;          ///< Of a reload.
    QuestionText question = {};  ///< Of why.
};

boost::json::object control_request_json(const ControlRequest& request);

/// Believes nothing: a command that is not known, a field that this command does not have, and a
/// value of another type are errors, in words, since a request that is understood by half would do
/// something else than what was asked for.
Result<ControlRequest, std::string> control_request_from_json(const boost::json::object& object);

}  // namespace meridian::server
