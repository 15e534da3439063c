// Sets up the process before a server has threads: descriptors and memory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace meridian::server {

/// Lets large blocks go back to the system when they are freed. Otherwise glibc raises its
/// threshold while a database is loaded, and keeps such blocks: 18 MB after a full city database.
void return_large_blocks();

/// Opens /dev/null where a standard descriptor is closed. Otherwise the first file that is opened
/// would get the number of stderr, and the lines of the log would be written into it.
void hold_standard_descriptors();

/// TCP connections need descriptors, and systemd's soft limit is 1,024.
void raise_descriptor_limit();
/// How many descriptors the process may have; 0 where the system does not say.
std::size_t descriptor_limit();

}  // namespace meridian::server
