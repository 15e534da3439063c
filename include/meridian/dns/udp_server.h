// Serves UDP on one thread with sockets of its own.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "meridian/dns/handler.h"
#include "meridian/ip_prefix.h"
#include "meridian/result.h"

namespace meridian::dns {

struct UdpOptions {
    std::size_t receive_buffer_octets = std::size_t{8} << 20;
};

/// What one worker counts; written by its thread alone, read by any.
struct UdpCounters {
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
    /// Datagrams that got no reply: malformed, from a port that answers anything, send failed.
    std::uint64_t dropped = 0;
    std::uint64_t system_calls = 0;  ///< All that the worker made: poll, recvmmsg, sendmmsg.
};

/// A UDP worker: one SO_REUSEPORT socket per endpoint (DESIGN decision 3), `poll` to park,
/// recvmmsg and sendmmsg to work, replies built in the receive buffers. Shares nothing with other
/// workers. A wildcard endpoint answers from the address asked (IP_PKTINFO, IPV6_PKTINFO).
/// Fragmentation is left to nobody (IP_PMTUDISC_OMIT, RFC 9715). Port 0 of an endpoint takes a free
/// port, which `endpoints()` tells.
class UdpServer {
public:
    /// An error where another program holds one of the ports. With SO_REUSEPORT it may share it
    /// with us, and the kernel gives it a part of the queries, about half. For once, before the
    /// first `open`: our own sockets share ports too. It is a look and no lock, so who binds a port
    /// afterwards is not noticed.
    static Result<Unit, std::string> expect_free(std::span<const Endpoint> endpoints);

    /// Opens and binds the sockets. The error names the endpoint and what the system said.
    static Result<UdpServer, std::string> open(std::span<const Endpoint> endpoints,
                                               const UdpOptions& options);
    UdpServer(UdpServer&&) noexcept;
    UdpServer& operator=(UdpServer&&) noexcept;
    ~UdpServer();

    [[nodiscard]] std::vector<Endpoint> endpoints() const;
    /// What the kernel granted, the smallest of all sockets, in octets (half of what it reports,
    /// which counts its own bookkeeping).
    [[nodiscard]] std::size_t granted_receive_buffer_octets() const;

    /// Serves until `stop`; what has arrived by then is still answered.
    void run(Handler& handler);
    /// Any thread, any number of times; safe in a signal handler.
    void stop();
    [[nodiscard]] UdpCounters counters() const;

private:
    struct State;
    explicit UdpServer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace meridian::dns
