// Checks that readers always see a whole, living snapshot, and that old ones are freed.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/publisher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace meridian::server {
namespace {

/// Tells when it is read after its end, and how many live.
struct Edition {
    explicit Edition(std::uint64_t which) : number(which), twin(which) { ++alive(); }
    Edition(const Edition&) = delete;
    Edition& operator=(const Edition&) = delete;
    ~Edition() {
        number = 0;  // whoever still reads sees that the two differ
        --alive();
    }
    static std::atomic<int>& alive() {
        static std::atomic<int> count = 0;
        return count;
    }
    std::uint64_t number;
    std::uint64_t twin;
};

using EditionPublisher = BasicPublisher<Edition>;

TEST(Publisher, ReadersGetTheNewEditionFromTheirNextBatchOn) {
    EditionPublisher publisher(std::make_shared<const Edition>(1));
    auto reader = publisher.add_reader();
    EXPECT_EQ(reader.read()->number, 1U);
    publisher.publish(std::make_shared<const Edition>(2));
    EXPECT_EQ(reader.read()->number, 2U);
}

TEST(Publisher, AnEditionLivesAsLongAsABatchUsesIt) {
    EditionPublisher publisher(std::make_shared<const Edition>(1));
    auto reader = publisher.add_reader();
    {
        const auto guard = reader.read();
        publisher.publish(std::make_shared<const Edition>(2));
        publisher.publish(std::make_shared<const Edition>(3));
        EXPECT_EQ(publisher.collect(), 1U) << "edition 2, which nobody read, goes at once";
        EXPECT_EQ(guard->number, 1U);
        EXPECT_EQ(Edition::alive(), 2);
    }
    EXPECT_EQ(publisher.collect(), 0U);
    EXPECT_EQ(Edition::alive(), 1);
}

TEST(Publisher, AnIdleReaderHoldsNothingUp) {
    EditionPublisher publisher(std::make_shared<const Edition>(1));
    auto idle = publisher.add_reader();
    EXPECT_EQ(idle.read()->number, 1U);
    publisher.publish(std::make_shared<const Edition>(2));
    EXPECT_EQ(publisher.collect(), 0U);
}

TEST(Publisher, ReadersNeverSeeADeadOrAnOlderEditionWhileOnePublishes) {
    constexpr std::uint64_t kEditions = 20'000;
    EditionPublisher publisher(std::make_shared<const Edition>(1));
    std::atomic<bool> done = false;
    std::atomic<std::uint64_t> faults = 0;
    std::atomic<std::uint64_t> batches = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&, reader = publisher.add_reader()]() mutable {
            std::uint64_t last = 0;
            while (!done.load(std::memory_order_relaxed)) {
                const auto edition = reader.read();
                for (int use = 0; use < 8; ++use) {
                    if (edition->number != edition->twin || edition->number < last) { ++faults; }
                }
                last = edition->number;
                ++batches;
            }
        });
    }
    for (std::uint64_t number = 2; number <= kEditions; ++number) {
        publisher.publish(std::make_shared<const Edition>(number));
        publisher.collect();
        if (number % 64 == 0) { std::this_thread::yield(); }
    }
    done.store(true);
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(faults, 0U);
    EXPECT_GT(batches, 0U);
    EXPECT_EQ(publisher.collect(), 0U);
    EXPECT_EQ(Edition::alive(), 1);
}

}  // namespace
}  // namespace meridian::server
