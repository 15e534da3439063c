// Asks a running server over its control socket.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "meridian/result.h"

namespace meridian::server {

struct ControlFailure {
    /// Nobody listens, or does not answer. Else it is we who cannot ask: it is not known how the
    /// server is.
    bool is_silence = false;
    std::string text;  ///< In words, with the path and the way out.
};

/// Sends one line, whose end is added, and returns the one that comes back, without its end.
Result<std::string, ControlFailure> ask_control(const std::string& path, const std::string& line,
                                                std::chrono::milliseconds timeout);

}  // namespace meridian::server
