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

#include "meridian/dns/transport/handler.h"
#include "meridian/endpoint.h"
#include "meridian/result.h"

namespace meridian::dns {

struct UdpOptions {
    std::size_t receive_buffer_octets = std::size_t{8} << 20;
};

/// What one worker counts; its thread alone writes, any thread reads.
struct UdpCounters {
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
    /// Datagrams without a reply: malformed, from a port that answers anything, or the send failed.
    std::uint64_t dropped = 0;
    std::uint64_t system_calls = 0;  ///< All calls of the worker: poll, recvmmsg, sendmmsg.

    UdpCounters& operator+=(const UdpCounters& other) {
        received += other.received;
        sent += other.sent;
        dropped += other.dropped;
        system_calls += other.system_calls;
        return *this;
    }
    friend bool operator==(const UdpCounters&, const UdpCounters&) = default;
};

/// A UDP worker: one SO_REUSEPORT socket per endpoint (DESIGN decision 3), `poll` to park, recvmmsg
/// and sendmmsg to work, replies built in the receive buffers. It shares nothing with other
/// workers. A wildcard endpoint answers from the address that was asked (IP_PKTINFO, IPV6_PKTINFO).
/// DF is not set and ICMP path MTU is ignored (IP_PMTUDISC_OMIT, RFC 9715). Port 0 of an endpoint
/// takes a free port, which `endpoints()` returns.
class UdpServer {
public:
    /// Fails where another program holds one of the ports. With SO_REUSEPORT that program may share
    /// the port with us, and the kernel gives it about half of the queries. Call it once, before
    /// the first `open`: our own sockets share ports too. It is a check and no lock, so a program
    /// that binds a port afterwards is not noticed.
    static Result<Unit, std::string> expect_free(std::span<const Endpoint> endpoints);

    /// Opens and binds the sockets. The error names the endpoint and the system's reason.
    static Result<UdpServer, std::string> open(std::span<const Endpoint> endpoints,
                                               const UdpOptions& options);
    UdpServer(UdpServer&&) noexcept;
    UdpServer& operator=(UdpServer&&) noexcept;
    ~UdpServer();

    [[nodiscard]] std::vector<Endpoint> endpoints() const;
    /// The receive buffer that the kernel granted, the smallest of all sockets, in octets (half of
    /// the number that it reports, which counts its own bookkeeping).
    [[nodiscard]] std::size_t granted_receive_buffer_octets() const;

    /// Serves until `stop`; queries that have arrived by then are still answered.
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
