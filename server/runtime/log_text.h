// Renders a log message with its fields as text or as members of a JSON object.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "server/runtime/log.h"

namespace meridian::server {

/// Text: `message key=value key="two words"`; JSON: `"message":"...","key":"value"`. Either way on
/// one line: control characters are escaped and octets that are no UTF-8 become U+FFFD, so that
/// nothing that came from outside can forge a line or steer a terminal.
std::string render_log_message(LogFormat format, std::string_view message, LogFields fields);

/// A text that came from elsewhere, such as a file's name or a server's reply, as a terminal may
/// show it: the same escapes. What JSON has in its strings means the same afterwards.
std::string printable(std::string_view text);

}  // namespace meridian::server
