// Opens a UDP socket with the options that a worker needs.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/transport/udp_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

#include "dns/transport/socket_address.h"
#include "dns/transport/socket_option.h"

namespace meridian::dns {

namespace {

/// Asks for `wanted` octets, beyond rmem_max where permitted; returns the size granted. The kernel
/// doubles the number for its own bookkeeping and reports it doubled (socket(7)).
std::size_t grow_receive_buffer(int descriptor, std::size_t wanted) {
    const int octets = static_cast<int>(std::min(wanted, std::size_t{INT_MAX / 2}));
    if (!set_option(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, octets)) {
        set_option(descriptor, SOL_SOCKET, SO_RCVBUF, octets);
    }
    int granted = 0;
    socklen_t length = sizeof granted;
    if (getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &granted, &length) != 0) { return 0; }
    return static_cast<std::size_t>(granted) / 2;
}

/// OMIT: ICMP path MTU, which may be forged, is ignored, and DF is not set (RFC 9715).
bool set_family_options(int descriptor, bool v4, bool wildcard) {
    if (v4) {
        return set_option(descriptor, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT) &&
               (!wildcard || set_option(descriptor, IPPROTO_IP, IP_PKTINFO));
    }
    return set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY) &&
           set_option(descriptor, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT) &&
           (!wildcard || set_option(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO));
}

}  // namespace

Result<UdpSocket, std::string> open_udp_socket(const Endpoint& endpoint,
                                               const UdpOptions& options) {
    const auto failed = [&endpoint](const char* what) {
        return Failure{"UDP " + endpoint.to_string() + ": " + what + ": " + std::strerror(errno)};
    };
    const bool v4 = endpoint.address.is_v4();
    UdpSocket opened;
    opened.wildcard = is_wildcard(endpoint);
    opened.descriptor = FileDescriptor(
        socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!opened.descriptor.valid()) { return failed("no socket"); }

    const int descriptor = opened.descriptor.get();
    if (!set_option(descriptor, SOL_SOCKET, SO_REUSEPORT)) { return failed("SO_REUSEPORT"); }
    if (!set_family_options(descriptor, v4, opened.wildcard)) { return failed("socket options"); }
    opened.granted_receive_buffer_octets =
        grow_receive_buffer(descriptor, options.receive_buffer_octets);

    SocketAddress address;
    socklen_t length = to_socket_address(endpoint, address);
    if (bind(descriptor, &address.any, length) != 0) { return failed("cannot bind"); }
    if (getsockname(descriptor, &address.any, &length) != 0) { return failed("no local address"); }
    opened.local = to_endpoint(address);
    return opened;
}

bool is_udp_port_taken(const Endpoint& endpoint) {
    const bool v4 = endpoint.address.is_v4();
    const FileDescriptor probe(socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!probe.valid()) { return false; }
    if (!v4 && !set_option(probe.get(), IPPROTO_IPV6, IPV6_V6ONLY)) { return false; }
    SocketAddress address;
    const socklen_t length = to_socket_address(endpoint, address);
    return bind(probe.get(), &address.any, length) != 0 && errno == EADDRINUSE;
}

}  // namespace meridian::dns
