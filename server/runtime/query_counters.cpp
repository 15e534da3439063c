// Counts queries on each worker, without communication between workers.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/query_counters.h"

#include <numeric>

#include "meridian/assert.h"

namespace meridian::server {

namespace {

// The cells: all codes, all codes with TC, no reply.
constexpr std::size_t kTruncated = kCountedRcodes;
constexpr std::size_t kDropped = 2 * kCountedRcodes;

std::size_t cell_of(const dns::Request& request) {
    if (request.reply_octets == 0) { return kDropped; }
    const dns::Outcome& outcome = request.outcome;
    MERIDIAN_ASSERT(outcome.rcode < kCountedRcodes);
    return outcome.rcode + (outcome.truncated ? kTruncated : 0);
}

}  // namespace

std::uint64_t QueryCounts::answered() const {
    return std::accumulate(by_rcode.begin(), by_rcode.end(), std::uint64_t{0});
}

QueryCounts& QueryCounts::operator+=(const QueryCounts& other) {
    dropped += other.dropped;
    truncated += other.truncated;
    for (std::size_t i = 0; i < by_rcode.size(); ++i) {
        by_rcode[i] += other.by_rcode[i];
    }
    return *this;
}

void QueryCounters::count(std::span<const dns::Request> batch) {
    for (const dns::Request& request : batch) {
        std::atomic<std::uint64_t>& cell = cells_[cell_of(request)];
        // No other thread writes, so this needs no locked instruction.
        cell.store(cell.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
}

QueryCounts QueryCounters::read() const {
    QueryCounts counts;
    counts.dropped = at(kDropped);
    for (std::size_t code = 0; code < kCountedRcodes; ++code) {
        const std::uint64_t truncated = at(kTruncated + code);
        counts.by_rcode[code] = at(code) + truncated;
        counts.truncated += truncated;
    }
    return counts;
}

}  // namespace meridian::server
