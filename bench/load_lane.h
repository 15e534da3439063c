// Sends queries from one source port and checks the replies.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bench/generations.h"
#include "bench/latency_histogram.h"
#include "bench/query_source.h"
#include "meridian/endpoint.h"
#include "meridian/file_descriptor.h"
#include "meridian/result.h"

namespace meridian::bench {

/// The counts of all lanes together.
struct LoadCounts {
    std::uint64_t sent = 0;
    std::uint64_t answered = 0;    ///< Replies that belong to their query, whatever the rcode.
    std::uint64_t lost = 0;        ///< No reply in time.
    std::uint64_t unasked = 0;     ///< Replies that no query waits for, and what is no reply.
    std::uint64_t mismatched = 0;  ///< The id is right, the question is another.
    std::uint64_t truncated = 0;
    std::uint64_t send_failed = 0;
    std::uint64_t reply_octets = 0;
    std::array<std::uint64_t, 16> rcodes{};
    LatencyHistogram latency;
    bool wants_generations = false;
    Generations generations;
};

/// Nanoseconds of the monotonic clock.
std::uint64_t now_nanoseconds();

class LoadLane {
public:
    static constexpr std::size_t kSlots = 1024;  // queries under way at most
    static constexpr std::size_t kBurst = 64;    // one system call

    static Result<LoadLane, std::string> open(const Endpoint& server);

    [[nodiscard]] int descriptor() const { return descriptor_.get(); }
    [[nodiscard]] std::size_t outstanding() const { return outstanding_; }

    /// Sends up to min(count, kBurst) queries; their latency counts from `intended`, one `interval`
    /// later for each. Returns how many were sent.
    std::size_t send(std::size_t count, std::uint64_t intended, double interval,
                     QuerySource& source, LoadCounts& counts);
    /// Receives replies, at most one burst.
    void receive(LoadCounts& counts);
    /// Counts queries sent before `deadline` as lost.
    void expire(std::uint64_t deadline, LoadCounts& counts);

private:
    struct Slot {
        std::uint64_t sent_at = 0;
        std::uint32_t question_hash = 0;
        std::uint16_t id = 0;
        bool waiting = false;
    };

    explicit LoadLane(FileDescriptor descriptor);
    void check(std::span<const std::uint8_t> reply, std::uint64_t now, LoadCounts& counts);

    FileDescriptor descriptor_;
    std::vector<Slot> slots_ = std::vector<Slot>(kSlots);
    std::size_t outstanding_ = 0;
    std::uint32_t sent_count_ = 0;
};

}  // namespace meridian::bench
