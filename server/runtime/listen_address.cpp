// Reads the addresses to listen on, and refuses those that cannot be served.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/listen_address.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

namespace meridian::server {

namespace {

constexpr std::uint16_t kDnsPort = 53;

std::optional<std::uint16_t> parse_port(std::string_view digits) {
    if (digits.empty() || digits.size() > 5) { return {}; }
    unsigned port = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9') { return {}; }
        port = port * 10 + static_cast<unsigned>(digit - '0');
    }
    if (port > 65535) { return {}; }
    return static_cast<std::uint16_t>(port);  // 0 takes a free port
}

bool is_multicast(const IpAddress& address) {
    return address.is_v4() ? address.as_v4() >> 28 == 0xe : address.high() >> 56 == 0xff;
}

/// fe80::/10. That of IPv4, 169.254.0.0/16, can be served like any other.
bool is_link_local(const IpAddress& address) {
    return !address.is_v4() && address.high() >> 54 == 0xfe80 >> 6;
}

bool is_v4_in_v6(const IpAddress& address) {
    return !address.is_v4() && address.high() == 0 && address.low() >> 32 == 0xffff;
}

/// "[fe80::1%eth0]:53" without the interface.
std::string without_interface(std::string_view text) {
    const auto begin = text.find('%');
    if (begin == text.npos || !text.starts_with('[')) { return std::string(text); }
    const auto end = std::min(text.find(']', begin), text.size());
    return std::string(text.substr(0, begin)) + std::string(text.substr(end));
}

std::string any_of_port(std::uint16_t port, bool v4) {
    return Endpoint{v4 ? IpAddress::v4(0) : IpAddress::v6(0, 0), port}.to_string();
}

AddressFault broadcast_fault(const std::string& of_network) {
    return {"a broadcast address" + of_network + ", which no answer can come from",
            "expected the address of this machine in that network"};
}

}  // namespace

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const bool bracketed = text.starts_with('[');
    const auto end = text.find(bracketed ? ']' : ':');
    const std::string_view host = text.substr(bracketed ? 1 : 0, end - (bracketed ? 1 : 0));
    const auto address = IpAddress::parse(host);
    if (!address || address->is_v4() == bracketed) { return {}; }
    if (bracketed && end == std::string_view::npos) { return {}; }

    std::string_view rest = end == std::string_view::npos ? "" : text.substr(end);
    if (bracketed) { rest.remove_prefix(1); }
    if (rest.empty()) { return Endpoint{*address, kDnsPort}; }
    const auto port = rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
    if (!port) { return {}; }
    return Endpoint{*address, *port};
}

std::optional<AddressFault> address_fault(std::string_view text) {
    const auto endpoint = parse_endpoint(without_interface(text));
    if (!endpoint) { return {}; }
    const IpAddress& address = endpoint->address;
    const std::string any = "\"" + any_of_port(endpoint->port, address.is_v4()) + "\"";
    if (is_link_local(address)) {
        return AddressFault{"a link-local address, which another machine can have as well",
                            "expected " + any + ", which answers on link-local addresses too"};
    }
    if (is_multicast(address)) {
        return AddressFault{"a multicast address, which no answer can come from",
                            "expected an address of this machine, or " + any + " for all of them"};
    }
    if (is_v4_in_v6(address)) {
        const Endpoint plain{IpAddress::v4(static_cast<std::uint32_t>(address.low())),
                             endpoint->port};
        return AddressFault{"an IPv4 address written as one of IPv6",
                            "expected \"" + plain.to_string() + "\""};
    }
    if (address == IpAddress::v4(0xffffffff)) { return broadcast_fault(""); }
    return {};
}

std::optional<AddressFault> address_fault_here(const IpAddress& address) {
    if (!address.is_v4()) { return {}; }
    const int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0) { return {}; }
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(kDnsPort);
    name.sin_addr.s_addr = htonl(address.as_v4());
    // Sends nothing. The kernel looks the address up, and refuses a broadcast without SO_BROADCAST.
    const int connected = connect(probe, reinterpret_cast<const sockaddr*>(&name), sizeof name);
    const bool is_broadcast = connected != 0 && errno == EACCES;
    close(probe);
    if (!is_broadcast) { return {}; }
    return broadcast_fault(" of a network that this machine is in");
}

}  // namespace meridian::server
