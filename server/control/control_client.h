// Asks a running server over its control socket.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "meridian/result.h"

namespace meridian::server {

/// Sends one line, whose end is added, and returns the one that comes back, without its end. The
/// error says in words why there is none, with the path and the way out.
Result<std::string, std::string> ask_control(const std::string& path, const std::string& line,
                                             std::chrono::milliseconds timeout);

}  // namespace meridian::server
