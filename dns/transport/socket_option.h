// Sets an option of a socket.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

namespace meridian::dns {

/// Returns false, with errno set, where the kernel refuses it.
inline bool set_option(int descriptor, int level, int name, int value = 1) {
    return setsockopt(descriptor, level, name, &value, sizeof value) == 0;
}

}  // namespace meridian::dns
