// Counts queries where they are answered, without a word between workers.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/query_counters.h"

#include <numeric>

#include "meridian/dns/reply_code.h"
#include "meridian/limits.h"

namespace meridian::server {

namespace {

constexpr std::size_t kTruncated = 16;
constexpr std::size_t kBadVersion = 32;
constexpr std::size_t kDropped = 33;

std::size_t cell_of(const dns::Request& request) {
    if (request.reply_octets < kHeaderOctets) { return kDropped; }
    const auto reply = request.buffer.first(request.reply_octets);
    const dns::ReplyHeader header = reply.first<kHeaderOctets>();
    const std::size_t cell =
        dns::lower_code_bits(header) + (dns::is_truncated(header) ? kTruncated : 0);
    const bool is_special = cell == 0 && dns::is_bare(header) && dns::is_bad_version(reply);
    return is_special ? kBadVersion : cell;
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
        // Nobody else writes, so this needs no locked instruction.
        cell.store(cell.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
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
