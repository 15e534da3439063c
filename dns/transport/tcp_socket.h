// Opens the sockets that listen for TCP connections, and accepts the connections.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "meridian/endpoint.h"
#include "meridian/file_descriptor.h"
#include "meridian/result.h"

namespace meridian::dns {

/// A socket that listens and never blocks, closed on exec like every descriptor of ours. The error
/// names the endpoint and the system's reason.
Result<FileDescriptor, std::string> open_tcp_listener(const Endpoint& endpoint);

/// The address of the socket; where port 0 was asked for, with the port that the kernel chose.
Endpoint local_endpoint(const FileDescriptor& socket);

/// An accepted client, or none and `errno`.
struct TcpClient {
    FileDescriptor descriptor;
    Endpoint peer;
};
TcpClient accept_tcp_client(int listener);

/// Whether a descriptor of this number leaves too few for others: files to read, connections of
/// operators. The kernel gives the lowest free number, so all lower ones are taken.
bool is_in_reserve(const FileDescriptor& descriptor);

/// The same open file under the lowest number that is free now.
FileDescriptor to_lowest_number(FileDescriptor descriptor);

}  // namespace meridian::dns
