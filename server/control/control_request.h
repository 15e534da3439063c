// Writes and reads the requests of the control socket as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>

#include "meridian/result.h"
#include "server/health/override_request.h"
#include "server/runtime/explanation.h"

namespace meridian::server {

enum class ControlCommand : std::uint8_t { Status, Reload, Why, Drain, Force, Release };

/// What is asked for by hand, as the operator wrote it.
struct OverrideText {
    std::string target = {};
    std::string zone = {};     ///< Whose regions alone are meant; empty: those of any.
    std::string state = {};    ///< Of a force: "up" or "down".
    std::int64_t seconds = 0;  ///< How long; 0: until it is released.
    std::string reason = {};
    std::string sudo_user = {};  ///< Who became root to ask.
    bool dry_run = false;
};

struct ControlRequest {
    ControlCommand command{};
    /// The absolute path of the meridian.toml of the server that is meant; empty: any server.
    std::string configuration = {};
    bool force = false;          ///< Of a reload, and of what is set by hand.
    QuestionText question = {};  ///< Of why.
    OverrideText by_hand = {};   ///< Of drain, force and release; of a reload `sudo_user`.
};

/// What a drain, a force or a release asks for. The error is in words.
Result<OverrideRequest, std::string> read_override_request(const ControlRequest& request);

boost::json::object control_request_json(const ControlRequest& request);

/// Refuses, with the error in words, a command that is not known, a field that this command does
/// not have, and a value of another type: a request that is understood in part would do something
/// else than the client wants.
Result<ControlRequest, std::string> control_request_from_json(const boost::json::object& object);

}  // namespace meridian::server
