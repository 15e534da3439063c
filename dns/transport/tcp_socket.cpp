// Opens the sockets that listen for TCP connections, and accepts the connections.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/transport/tcp_socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "dns/transport/socket_address.h"
#include "dns/transport/socket_option.h"
#include "meridian/limits.h"

namespace meridian::dns {

namespace {

/// The send buffer of a connection: one turn's answers, and the last one. By default the kernel
/// would take megabytes for a client that never reads.
constexpr int kUnsentOctets = 2 * kMaxTcpTurnOctets;

}  // namespace

Result<FileDescriptor, std::string> open_tcp_listener(const Endpoint& endpoint) {
    const bool v4 = endpoint.address.is_v4();
    FileDescriptor listener(
        socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int descriptor = listener.get();
    SocketAddress address;
    const socklen_t length = to_socket_address(endpoint, address);
    // A restart must not wait for connections of the previous server (TIME_WAIT).
    const bool listens = listener.valid() && set_option(descriptor, SOL_SOCKET, SO_REUSEADDR) &&
                         (v4 || set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY)) &&
                         // Accepted connections inherit it.
                         set_option(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, kUnsentOctets) &&
                         bind(descriptor, &address.any, length) == 0 &&
                         listen(descriptor, SOMAXCONN) == 0;
    if (listens) { return listener; }
    return Failure{"TCP " + endpoint.to_string() + ": cannot listen: " + std::strerror(errno)};
}

Endpoint local_endpoint(const FileDescriptor& socket) {
    SocketAddress address{};
    socklen_t length = sizeof address;
    getsockname(socket.get(), &address.any, &length);
    return to_endpoint(address);
}

TcpClient accept_tcp_client(int listener) {
    SocketAddress address{};
    socklen_t length = sizeof address;
    TcpClient client;
    client.descriptor =
        FileDescriptor(accept4(listener, &address.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (client.descriptor.valid()) { client.peer = to_endpoint(address); }
    return client;
}

bool is_in_reserve(const FileDescriptor& descriptor) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) { return false; }
    const rlim_t reserve = std::min<rlim_t>(kReservedDescriptors, limit.rlim_cur / 4);
    return static_cast<rlim_t>(descriptor.get()) >= limit.rlim_cur - reserve;
}

FileDescriptor to_lowest_number(FileDescriptor descriptor) {
    FileDescriptor lowest(fcntl(descriptor.get(), F_DUPFD_CLOEXEC, 0));
    if (lowest.valid() && lowest.get() < descriptor.get()) { return lowest; }
    return descriptor;
}

}  // namespace meridian::dns
