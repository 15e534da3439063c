// Turns endpoints into the system's socket addresses and back.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <endian.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstring>

#include "meridian/endpoint.h"
#include "meridian/ip_address.h"

namespace meridian::dns {

/// Room for an address of either family: 28 octets instead of sockaddr_storage's 128, because a
/// batch holds one per datagram.
union SocketAddress {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
};

/// Whether a socket that is bound there has every address of the host.
inline bool is_wildcard(const Endpoint& endpoint) {
    return (endpoint.address.high() | endpoint.address.low()) == 0;
}

/// Fills `address`; returns how many of its octets are used.
inline socklen_t to_socket_address(const Endpoint& endpoint, SocketAddress& address) {
    std::memset(&address, 0, sizeof address);
    if (endpoint.address.is_v4()) {
        address.v4.sin_family = AF_INET;
        address.v4.sin_port = htobe16(endpoint.port);
        address.v4.sin_addr.s_addr = htobe32(endpoint.address.as_v4());
        return sizeof address.v4;
    }
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_port = htobe16(endpoint.port);
    const auto octets = endpoint.address.octets();
    std::memcpy(&address.v6.sin6_addr, octets.data(), octets.size());
    return sizeof address.v6;
}

/// The endpoint of an address that the kernel filled in. Runs once for every query.
inline Endpoint to_endpoint(const SocketAddress& address) {
    if (address.any.sa_family == AF_INET) {
        return {IpAddress::v4(be32toh(address.v4.sin_addr.s_addr)), be16toh(address.v4.sin_port)};
    }
    std::uint64_t halves[2];
    std::memcpy(halves, &address.v6.sin6_addr, sizeof halves);
    return {IpAddress::v6(be64toh(halves[0]), be64toh(halves[1])), be16toh(address.v6.sin6_port)};
}

}  // namespace meridian::dns
