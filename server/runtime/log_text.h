// Renders a log message with its fields as text or as members of a JSON object.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "server/runtime/log.h"

namespace meridian::server {

/// Text: `message key=value key="two words"`; JSON: `"message":"...","key":"value"`. Either way on
/// one line and as terminal_text shows it, so that nothing that came from outside can forge a line
/// or steer a terminal.
std::string render_log_message(LogFormat format, std::string_view message, LogFields fields);

}  // namespace meridian::server
