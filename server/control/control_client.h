// Asks a running server over its control socket.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "meridian/result.h"

namespace meridian::server {

struct ControlFailure {
    /// No server listens, or it does not answer. False: we cannot ask, and do not know whether a
    /// server runs.
    bool is_silence = false;
    std::string text;        ///< With the path and what to do.
    bool is_absent = false;  ///< There is no such socket, or no process listens at it.
};

/// Sends one line, whose end is added, and returns the one that comes back, without its end.
Result<std::string, ControlFailure> ask_control(const std::string& path, const std::string& line,
                                                std::chrono::milliseconds timeout);

}  // namespace meridian::server
