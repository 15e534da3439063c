// Counts queries on each worker, without communication between workers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/dns/tcp_server.h"
#include "meridian/dns/transport/handler.h"
#include "meridian/dns/udp_server.h"

namespace meridian::server {

/// Codes up to BADVERS, the highest that this server sends.
constexpr std::size_t kCountedRcodes = 17;

/// What queries came to, since the start.
struct QueryCounts {
    std::uint64_t dropped = 0;    ///< Deserved no reply, such as a response.
    std::uint64_t truncated = 0;  ///< Replies with TC.
    std::array<std::uint64_t, kCountedRcodes> by_rcode{};  ///< Replies.

    [[nodiscard]] std::uint64_t answered() const;
    [[nodiscard]] std::uint64_t received() const { return answered() + dropped; }
    QueryCounts& operator+=(const QueryCounts& other);
    friend bool operator==(const QueryCounts&, const QueryCounts&) = default;
};

/// What has come in, by the way it came.
struct TransportCounts {
    QueryCounts udp;
    QueryCounts tcp;
    dns::UdpCounters datagrams = {};  ///< Of all UDP workers.
    dns::TcpCounters connections = {};
    friend bool operator==(const TransportCounts&, const TransportCounts&) = default;
};

/// The counts of one worker. Only that worker writes them, so a reply costs a plain addition and no
/// locked instruction. Any thread may read. The counts have their own cache lines, so that neither
/// readers nor other workers slow the worker down.
class alignas(64) QueryCounters {
public:
    /// For the worker, once a batch is answered.
    void count(std::span<const dns::Request> batch);
    /// Any thread. Of a batch that is being counted it may see a part.
    [[nodiscard]] QueryCounts read() const;

private:
    [[nodiscard]] std::uint64_t at(std::size_t cell) const {
        return cells_[cell].load(std::memory_order_relaxed);
    }

    /// A reply adds to one cell alone: its code with or without TC, or none was sent.
    std::array<std::atomic<std::uint64_t>, 2 * kCountedRcodes + 1> cells_{};
};

}  // namespace meridian::server
