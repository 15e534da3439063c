// Opens a UDP socket with the options that a worker needs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "meridian/dns/udp_server.h"
#include "meridian/endpoint.h"
#include "meridian/file_descriptor.h"
#include "meridian/result.h"

namespace meridian::dns {

/// A bound socket, whose port the sockets of other workers share (SO_REUSEPORT).
struct UdpSocket {
    FileDescriptor descriptor;
    Endpoint local;  ///< With the port that the kernel chose, where port 0 was asked for.
    /// Bound to every address of the host: each datagram says which one was asked.
    bool wildcard = false;
    std::size_t granted_receive_buffer_octets = 0;
};

/// The error names the endpoint and the system's reason.
Result<UdpSocket, std::string> open_udp_socket(const Endpoint& endpoint, const UdpOptions& options);

/// Whether another program uses the endpoint's port: a socket without SO_REUSEPORT cannot share it.
/// False also where the address cannot be bound at all.
bool is_udp_port_taken(const Endpoint& endpoint);

}  // namespace meridian::dns
