// Asks the kernel whether it has a route to any of some addresses.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/kernel_routes.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "meridian/file_descriptor.h"

namespace meridian::server {

namespace {

/// Each costs a system call every few seconds. One default route leads to all of them.
constexpr std::size_t kMostAsked = 100;
constexpr std::uint16_t kAnyPort = 9;

/// Of a socket for packets: a connection is a look into the routing table, and sends nothing.
bool connects(int socket, const IpAddress& address) {
    const auto octets = address.octets();
    if (address.is_v4()) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(kAnyPort);
        std::memcpy(&to.sin_addr, octets.data(), sizeof to.sin_addr);
        return connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(kAnyPort);
    std::memcpy(&to.sin6_addr, octets.data(), sizeof to.sin6_addr);
    return connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

}  // namespace

bool has_any_route(std::span<const IpAddress> addresses) {
    if (addresses.empty()) { return true; }
    const int family = addresses.front().is_v4() ? AF_INET : AF_INET6;
    const FileDescriptor socket(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket.valid()) { return errno != EAFNOSUPPORT; }
    const auto first = addresses.first(std::min(addresses.size(), kMostAsked));
    return std::ranges::any_of(
        first, [&](const IpAddress& address) { return connects(socket.get(), address); });
}

FamilySet reached_families(const std::array<std::vector<IpAddress>, 2>& addresses) {
    const FamilySet has_route{has_any_route(addresses[0]), has_any_route(addresses[1])};
    FamilySet reached{};
    for (std::size_t family = 0; family < reached.size(); ++family) {
        const std::size_t other = 1 - family;
        const bool is_cut_off = addresses.at(other).empty() || !has_route.at(other);
        reached.at(family) = has_route.at(family) || is_cut_off;
    }
    return reached;
}

}  // namespace meridian::server
