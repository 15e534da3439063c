// Checks that what queries came to is counted from their outcomes, while others read the counts.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/query_counters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <thread>
#include <vector>

#include "server/runtime/worker.h"
#include "tests/server/empty_snapshot.h"

namespace meridian::server {
namespace {

using test::empty_snapshot;
using Octets = std::vector<std::uint8_t>;

const Octets kQuestion{7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 1, 0, 1};
const Octets kOptVersion0{0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0};
const Octets kOptVersion1{0, 0, 41, 4, 208, 0, 1, 0, 0, 0, 0};

/// A message with the question `example. A`, or what a query would have beside it.
Octets message(std::uint8_t flags, std::uint8_t code, const Octets& opt = {}) {
    const std::uint8_t additional = opt.empty() ? 0 : 1;
    Octets octets{0x12, 0x34, flags, code, 0, 1, 0, 0, 0, 0, 0, additional};
    octets.insert(octets.end(), kQuestion.begin(), kQuestion.end());
    octets.insert(octets.end(), opt.begin(), opt.end());
    return octets;
}

/// A batch that is a query each.
struct Batch {
    explicit Batch(std::initializer_list<Octets> messages) : buffers(messages) {
        for (Octets& buffer : buffers) {
            const std::size_t octets = buffer.size();
            buffer.resize(1232);
            requests.push_back({.buffer = buffer, .query_octets = octets, .peer = {}});
        }
    }
    std::vector<Octets> buffers;
    std::vector<dns::Request> requests;
};

/// A batch that was answered with these outcomes.
std::vector<dns::Request> answered(std::initializer_list<dns::Outcome> outcomes) {
    std::vector<dns::Request> requests;
    for (const dns::Outcome& outcome : outcomes) {
        dns::Request request;
        request.reply_octets = 100;
        request.outcome = outcome;
        requests.push_back(request);
    }
    return requests;
}

dns::Outcome outcome(std::uint16_t rcode, bool truncated = false) {
    return {.truncated = truncated, .rcode = rcode};
}

TEST(QueryCounters, CountWhatAHandlerAnswers) {
    Publisher publisher(first_served(empty_snapshot(), 4, std::make_shared<AnswerTotals>()));
    SnapshotHandler handler(publisher, 0);
    Batch batch{message(0, 0),                // REFUSED: there is no zone
                message(0, 0, kOptVersion0),  // likewise
                message(0, 0, kOptVersion1),  // BADVERS
                message(0x10, 0),             // opcode STATUS
                message(0x80, 0),             // a response, which deserves none
                Octets{0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0}};  // FORMERR: its question is gone
    handler.answer(batch.requests);
    const QueryCounts counts = handler.counts();
    EXPECT_EQ(counts.by_rcode[5], 2U);
    EXPECT_EQ(counts.by_rcode[16], 1U);
    EXPECT_EQ(counts.by_rcode[4], 1U);
    EXPECT_EQ(counts.by_rcode[1], 1U);
    EXPECT_EQ(counts.by_rcode[0], 0U);
    EXPECT_EQ(counts.dropped, 1U);
    EXPECT_EQ(counts.answered(), 5U);
    EXPECT_EQ(counts.received(), 6U);
    EXPECT_EQ(counts.truncated, 0U);
}

TEST(QueryCounters, KeepCodesAndTruncationApart) {
    QueryCounters counters;
    counters.count(answered({outcome(0, true), outcome(3, true), outcome(0), outcome(0),
                             outcome(16), outcome(15), outcome(16, true)}));
    const QueryCounts counts = counters.read();
    EXPECT_EQ(counts.truncated, 3U);
    EXPECT_EQ(counts.by_rcode[0], 3U);
    EXPECT_EQ(counts.by_rcode[3], 1U);
    EXPECT_EQ(counts.by_rcode[15], 1U);
    EXPECT_EQ(counts.by_rcode[16], 2U);
    EXPECT_EQ(counts.received(), 7U);
}

/// A request's slot is used again: what it held of the query before does not count.
TEST(QueryCounters, CountSilenceWhateverTheOutcomeHolds) {
    QueryCounters counters;
    auto batch = answered({outcome(3, true)});
    batch[0].reply_octets = 0;
    counters.count(batch);
    EXPECT_EQ(counters.read().dropped, 1U);
    EXPECT_EQ(counters.read().received(), 1U);
}

TEST(QueryCounters, AddUp) {
    QueryCounters udp;
    QueryCounters tcp;
    const auto batch = answered({outcome(5), outcome(5, true)});
    udp.count(batch);
    tcp.count(batch);
    QueryCounts sum = udp.read();
    sum += tcp.read();
    EXPECT_EQ(sum.by_rcode[5], 4U);
    EXPECT_EQ(sum.truncated, 2U);
    EXPECT_EQ(sum.received(), 4U);
}

TEST(QueryCounters, AreReadWhileTheyAreWritten) {
    constexpr std::uint64_t kRounds = 20'000;
    QueryCounters counters;
    std::atomic<bool> done = false;
    std::thread worker([&] {
        const auto batch = answered({outcome(0), outcome(3, true)});
        for (std::uint64_t i = 0; i < kRounds; ++i) {
            counters.count(batch);
        }
        done = true;
    });
    std::uint64_t last = 0;
    while (!done) {
        const std::uint64_t now = counters.read().received();
        EXPECT_GE(now, last);
        last = now;
    }
    worker.join();
    EXPECT_EQ(counters.read().by_rcode[0], kRounds);
    EXPECT_EQ(counters.read().by_rcode[3], kRounds);
    EXPECT_EQ(counters.read().truncated, kRounds);
}

}  // namespace
}  // namespace meridian::server
