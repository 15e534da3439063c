// Opens a UDP socket the way a worker needs it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "meridian/dns/udp_server.h"
#include "meridian/file_descriptor.h"
#include "meridian/ip_prefix.h"
#include "meridian/result.h"

namespace meridian::dns {

/// A bound socket, shared by port with the sockets of other workers (SO_REUSEPORT).
struct UdpSocket {
    FileDescriptor descriptor;
    Endpoint local;  ///< With the port that the kernel chose, if it was left to it.
    /// Bound to no address in particular: each datagram tells which one was asked.
    bool wildcard = false;
    std::size_t granted_receive_buffer_octets = 0;
};

/// The error names the endpoint and what the system said.
Result<UdpSocket, std::string> open_udp_socket(const Endpoint& endpoint, const UdpOptions& options);

/// Whether somebody else holds a part of the endpoint's port: bound without SO_REUSEPORT, a socket
/// shares with nobody. False also where the address cannot be bound at all.
bool is_udp_port_taken(const Endpoint& endpoint);

}  // namespace meridian::dns
