// Counts queries where they are answered, without a word between workers.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/query_counters.h"

#include <numeric>

#include "meridian/dns/reply_code.h"
#include "meridian/limits.h"

namespace meridian::server {

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
        // Nobody else writes, so this needs no locked instruction.
        cell.store(cell.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
}

std::size_t QueryCounters::cell_of(const dns::Request& request) {
    if (request.reply_octets < kHeaderOctets) { return kDropped; }
    const auto reply = request.buffer.first(request.reply_octets);
    const dns::ReplyHead head = dns::read_reply_head(reply.first<kHeaderOctets>());
    if (head.is_bare && dns::is_bad_version(reply)) { return kBadVersion; }
    return head.code_bits + (head.truncated ? kTruncated : 0);
}

QueryCounts QueryCounters::read() const {
    QueryCounts counts;
    counts.dropped = at(kDropped);
    for (std::size_t code = 0; code < 16; ++code) {
        const std::uint64_t truncated = at(kTruncated + code);
        counts.by_rcode[code] = at(code) + truncated;
        counts.truncated += truncated;
    }
    counts.by_rcode[16] = at(kBadVersion);
    return counts;
}

}  // namespace meridian::server
