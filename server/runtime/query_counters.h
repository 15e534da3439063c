// Counts queries where they are answered, without a word between workers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/dns/handler.h"

namespace meridian::server {

/// What queries came to, since the start.
struct QueryCounts {
    std::uint64_t dropped = 0;                 ///< Deserved no reply, such as a response.
    std::uint64_t truncated = 0;               ///< Replies with TC.
    std::array<std::uint64_t, 17> by_rcode{};  ///< Replies; 16 is BADVERS.

    [[nodiscard]] std::uint64_t answered() const;
    [[nodiscard]] std::uint64_t received() const { return answered() + dropped; }
    QueryCounts& operator+=(const QueryCounts& other);
    friend bool operator==(const QueryCounts&, const QueryCounts&) = default;
};

/// What has come in, by the way it came.
struct TransportCounts {
    QueryCounts udp;
    QueryCounts tcp;
    friend bool operator==(const TransportCounts&, const TransportCounts&) = default;
};

/// The counts of one worker, which alone writes them: a plain addition for each reply, nothing that
/// another core would have to hear of. Any thread may read. On cache lines of their own, so that
/// neither readers nor neighbours hold up a worker.
class alignas(64) QueryCounters {
public:
    /// For the worker, once a batch is answered.
    void count(std::span<const dns::Request> batch);
    /// Any thread; what it sees of a batch in the making may be a part.
    [[nodiscard]] QueryCounts read() const;

private:
    [[nodiscard]] std::uint64_t at(std::size_t cell) const {
        return cells_[cell].load(std::memory_order_relaxed);
    }

    /// A reply adds to one cell alone: its code with or without TC, BADVERS, or none was sent.
    std::array<std::atomic<std::uint64_t>, 34> cells_{};
};

}  // namespace meridian::server
