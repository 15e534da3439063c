// Names the permissions of what the server saves.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

namespace meridian::server {

inline constexpr mode_t kModeBits = 07777;      // of a mode, less the kind of file
inline constexpr mode_t kPrivateFile = 0600;    // whatever the umask
inline constexpr mode_t kStateFolder = 0750;    // an operator's group may look, not write
inline constexpr mode_t kPrivateFolder = 0700;  // while a group passes

}  // namespace meridian::server
