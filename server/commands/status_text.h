// Tells how a server is in lines that an operator reads at night, what is wrong first.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "server/runtime/server_status.h"

namespace meridian::server {

std::string status_text(const ServerStatus& status);

/// "45 s", "3 min", "3 h 12 min", "36 days"
std::string duration_text(std::int64_t seconds);

}  // namespace meridian::server
