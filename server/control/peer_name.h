// Names the user at the other end of a Unix domain socket.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace meridian::server {

/// The author of what a client asks for: the user that its process ran as when it connected
/// (SO_PEERCRED), by name, else "uid 1000". For root, who may speak for others, `sudo_user` counts:
/// "alice (sudo)".
std::string author_of(int socket, const std::string& sudo_user);

}  // namespace meridian::server
