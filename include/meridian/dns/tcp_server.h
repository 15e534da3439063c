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

#include "meridian/dns/transport/handler.h"
#include "meridian/endpoint.h"
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

/// The context's thread alone writes, any thread reads.
struct TcpCounters {
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;  ///< Closed at once or evicted because of a limit.
    std::uint64_t queries = 0;
    std::uint64_t open = 0;  ///< Connections at this moment.
    friend bool operator==(const TcpCounters&, const TcpCounters&) = default;
};

/// DNS over TCP (RFC 7766): length-prefixed messages that may come in pieces, pipelined queries
/// answered in order, idle connections closed. Connections take turns, so that no client waits for
/// all the queries of another one. A peer that sends and never reads is paused, then closed, and
/// its memory is freed. At the limit the connection that was idle for longest is closed for a new
/// one; the same happens where descriptors run short, of which kReservedDescriptors are left to
/// others. Where none is free at all, the acceptor waits 100 ms instead of spinning.
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
    /// Stops accepting, and closes connections once their queries are answered: at once those that
    /// are idle or have sent half a query. Call on the context's thread.
    void drain();
    /// Any thread.
    [[nodiscard]] TcpCounters counters() const;

private:
    struct State;
    explicit TcpServer(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace meridian::dns
