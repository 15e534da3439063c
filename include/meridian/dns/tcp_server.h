// Serves DNS over TCP on an Asio context.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "meridian/dns/handler.h"
#include "meridian/ip_prefix.h"
#include "meridian/limits.h"
#include "meridian/result.h"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): Boost names it
}

namespace meridian::dns {

struct TcpOptions {
    std::chrono::milliseconds idle_timeout{10'000};  ///< Between messages (RFC 7766 §6.2.3).
    std::chrono::milliseconds message_timeout{
        2'000};  ///< From a message's first octet to its last.
    std::size_t max_connections = kMaxTcpConnections;
    std::size_t max_connections_per_client = kMaxTcpConnectionsPerClient;
};

struct TcpCounters {
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;  ///< Closed at once or evicted because of a limit.
    std::uint64_t queries = 0;
    std::uint64_t open = 0;
};

/// DNS over TCP (RFC 7766): length-prefixed messages that may come in pieces, pipelined queries
/// answered in order, idle connections closed. Connections take turns, so that nobody waits for all
/// that somebody else has asked. A peer that sends and never reads is paused, then closed, and its
/// memory given back. At the limit the connection idle for longest makes room; so it does where
/// descriptors run short, of which kReservedDescriptors are left to others. Where there is none at
/// all the acceptor waits 100 ms instead of spinning.
///
/// Everything runs on the context's thread; the handler gets batches of one.
class TcpServer {
public:
    static Result<TcpServer, std::string> open(boost::asio::io_context& context,
                                               std::span<const Endpoint> endpoints,
                                               const TcpOptions& options, Handler& handler);
    TcpServer(TcpServer&&) noexcept;
    TcpServer& operator=(TcpServer&&) noexcept;
    ~TcpServer();  ///< Closes everything. Expects the context not to be running elsewhere.

    [[nodiscard]] std::vector<Endpoint> endpoints() const;
    /// Stops accepting and closes connections once their queries are answered: at once those that
    /// are idle or have sent half of one. Call on the context's thread.
    void drain();
    /// Call on the context's thread.
    [[nodiscard]] TcpCounters counters() const;

private:
    struct State;
    explicit TcpServer(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace meridian::dns
