// Proves that a worker asks for neither memory nor locks while it answers, socket included.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <mutex>
#include <thread>
#include <vector>

#include "meridian/dns/udp_server.h"
#include "server/runtime/worker.h"
#include "tests/dns/transport_sockets.h"
#include "tests/support/call_counters.h"
#include "tests/support/zone_asker.h"

namespace meridian::server {
namespace {

constexpr std::size_t kQueries = 60;

/// What the thread has asked for, whenever a batch begins: between two lies the end of one batch,
/// its way out, the wait, and the way in of the next.
class WatchedHandler final : public dns::Handler {
public:
    explicit WatchedHandler(Publisher& publisher) : handler_(publisher, 0) {
        allocations.reserve(kQueries + 1);
        locks.reserve(kQueries + 1);
    }
    void answer(std::span<dns::Request> batch) override {
        allocations.push_back(allocation_count());
        locks.push_back(lock_count());
        handler_.answer(batch);
    }

    std::vector<std::uint64_t> allocations;
    std::vector<std::uint64_t> locks;

private:
    SnapshotHandler handler_;
};

TEST(WorkerCost, NoQueryCostsAnAllocationOrALock) {
    test::ModelZone zone("z.test.");
    zone.record("www", dns::Type::A, "192.0.2.1").record("alias", dns::Type::CNAME, "www");
    Publisher publisher(first_served(zones::compile(test::input_of({zone})).value(), 1,
                                     std::make_shared<AnswerTotals>()));
    WatchedHandler handler(publisher);
    auto server =
        dns::UdpServer::open(std::vector{dns::testing::endpoint("127.0.0.1")}, {}).value();
    const dns::testing::Client client(SOCK_DGRAM, server.endpoints()[0]);
    std::thread worker([&] { server.run(handler); });
    for (std::size_t i = 0; i < kQueries; ++i) {
        const char* const names[] = {"www.z.test.", "alias.z.test.", "no.z.test.", "else.where."};
        const auto query = tests::build_query(names[i % 4], dns::Type::A, {});
        EXPECT_TRUE(client.send_datagram(std::string(query.begin(), query.end())));
        EXPECT_NE(client.receive_datagram(), "");
    }
    server.stop();
    worker.join();

    ASSERT_EQ(handler.allocations.size(), kQueries);
    EXPECT_EQ(handler.allocations.front(), handler.allocations.back());
    if (kCountsLocks) { EXPECT_EQ(handler.locks.front(), handler.locks.back()); }
}

TEST(WorkerCost, WhatIsCountedShows) {
    const std::uint64_t allocations = allocation_count();
    const std::vector<int> some(100);
    EXPECT_GT(allocation_count(), allocations);
    if (!kCountsLocks) { GTEST_SKIP(); }
    const std::uint64_t locks = lock_count();
    std::mutex mutex;
    const std::scoped_lock lock(mutex);
    EXPECT_EQ(lock_count(), locks + 1);
}

}  // namespace
}  // namespace meridian::server
