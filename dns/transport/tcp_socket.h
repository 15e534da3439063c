// Opens the sockets that TCP connections come in by, and takes the connections.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "meridian/file_descriptor.h"
#include "meridian/ip_prefix.h"
#include "meridian/result.h"

namespace meridian::dns {

/// A socket that listens and never blocks. Like every descriptor of ours it is closed where a
/// program is started. The error names the endpoint and what the system said.
Result<FileDescriptor, std::string> open_tcp_listener(const Endpoint& endpoint);

/// Where the socket is bound, with the port that the kernel chose if it was left to it.
Endpoint local_endpoint(const FileDescriptor& socket);

/// A client that was taken off a listener, or none and `errno`.
struct TcpClient {
    FileDescriptor descriptor;
    Endpoint peer;
};
TcpClient accept_tcp_client(int listener);

/// Whether a descriptor of this number leaves others too few: files to read, connections of
/// operators. The kernel gives the lowest number that is free, so those below are taken.
bool is_in_reserve(const FileDescriptor& descriptor);

/// The same open file by the lowest number that is free now.
FileDescriptor to_lowest_number(FileDescriptor descriptor);

}  // namespace meridian::dns
