// Checks that readers always see a whole, living snapshot, and that old ones are freed.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/publisher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "meridian/limits.h"
#include "server/runtime/worker.h"
#include "tests/support/message_builder.h"
#include "tests/support/model_zone.h"
#include "tests/support/snapshot_line.h"

namespace meridian::server {
namespace {

/// Tells when it is read after its end, and how many live.
struct Edition {
    explicit Edition(std::uint64_t which) : number(which), twin(which) { ++alive(); }
    Edition(const Edition&) = delete;
    Edition& operator=(const Edition&) = delete;
    ~Edition() {
        number = 0;  // a reader that still reads sees that the two differ
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

void publish(EditionPublisher& publisher, std::uint64_t number) {
    publisher.publish([number](const Edition&) { return std::make_shared<const Edition>(number); });
}

TEST(Publisher, ReadersGetTheNewEditionFromTheirNextBatchOn) {
    EditionPublisher publisher(std::make_shared<const Edition>(1));
    auto reader = publisher.add_reader();
    EXPECT_EQ(reader.read()->number, 1U);
    publish(publisher, 2);
    EXPECT_EQ(reader.read()->number, 2U);
}

TEST(Publisher, AnEditionLivesAsLongAsABatchUsesIt) {
    EditionPublisher publisher(std::make_shared<const Edition>(1));
    auto reader = publisher.add_reader();
    {
        const auto guard = reader.read();
        publish(publisher, 2);
        publish(publisher, 3);
        EXPECT_EQ(publisher.collect(), 1U) << "edition 2, which no reader read, goes at once";
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
    publish(publisher, 2);
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
        publish(publisher, number);
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

/// A value with two parts that different threads change.
struct Halves {
    std::uint64_t one = 0;
    std::uint64_t other = 0;
};

TEST(Publisher, TwoThatPublishDoNotUndoEachOthersWork) {
    constexpr std::uint64_t kChanges = 5'000;
    BasicPublisher<Halves> publisher(std::make_shared<const Halves>());
    std::atomic<bool> done = false;
    std::atomic<std::uint64_t> faults = 0;
    std::thread reading([&, reader = publisher.add_reader()]() mutable {
        Halves last;
        while (!done.load(std::memory_order_relaxed)) {
            const auto now = reader.read();
            if (now->one < last.one || now->other < last.other) { ++faults; }
            last = *now;
        }
    });
    const auto change = [&](std::uint64_t Halves::* half) {
        for (std::uint64_t i = 0; i < kChanges; ++i) {
            publisher.publish([half](const Halves& now) {
                auto next = std::make_shared<Halves>(now);
                ++((*next).*half);
                return next;
            });
            publisher.collect();
        }
    };
    std::thread first(change, &Halves::one);
    std::thread second(change, &Halves::other);
    first.join();
    second.join();
    done.store(true);
    reading.join();
    EXPECT_EQ(publisher.current()->one, kChanges);
    EXPECT_EQ(publisher.current()->other, kChanges);
    EXPECT_EQ(faults, 0U);
    EXPECT_EQ(publisher.collect(), 0U);
}

TEST(Publisher, NothingChangesWhereNothingIsMade) {
    EditionPublisher publisher(std::make_shared<const Edition>(1));
    const auto before = publisher.current();
    publisher.publish([](const Edition&) { return nullptr; });
    EXPECT_EQ(publisher.current(), before);
}

/// A zone with a region that stays and one that is edited.
test::ModelZone zone_with(std::string_view address) {
    test::ModelZone zone("z.test.");
    zone.region("steady", 0, 0, {"192.0.2.1"}).region("edited", 10, 10, {std::string(address)});
    zone.policy("nearest");
    zone.steer("www", 0);
    return zone;
}

/// Cell 0 is that of the region that stays.
std::shared_ptr<const zones::LiveTable> with_steady(const zones::LiveTable& live, bool is_up) {
    const std::uint64_t up = is_up ? 1 : 0;
    return live.with(std::vector<zones::LiveChange>{{.cell = 0, .up_addresses = {up, up}}});
}

zones::Rung rung_of(const Publisher& publisher, std::size_t cell) {
    return publisher.current()->serving.live()->cells()[cell].standing[0].rung;
}

TEST(Publisher, ASnapshotThatSteersOtherwiseGetsALiveTableOfItsOwn) {
    test::SnapshotLine line;
    Publisher publisher(
        first_served(line.next(zone_with("192.0.2.2")), 1, std::make_shared<AnswerTotals>()));
    publish_snapshot(publisher, line.next(zone_with("192.0.2.3")), [](const zones::Snapshot& next) {
        return with_steady(zones::LiveTable(next), false);
    });
    EXPECT_EQ(rung_of(publisher, 0), zones::Rung::Down);
    EXPECT_EQ(rung_of(publisher, 1), zones::Rung::Up);
}

TEST(Publisher, ALiveTableStaysWhereTheSteeringDoes) {
    test::SnapshotLine line;
    Publisher publisher(
        first_served(line.next(zone_with("192.0.2.2")), 1, std::make_shared<AnswerTotals>()));
    publish_live(publisher,
                 [](const zones::Serving& now) { return with_steady(*now.live(), false); });
    test::ModelZone with_record = zone_with("192.0.2.2");
    with_record.record("mail", dns::Type::A, "192.0.2.25");
    publish_snapshot(publisher, line.next(with_record), all_up);
    EXPECT_EQ(rung_of(publisher, 0), zones::Rung::Down);
}

TEST(Publisher, ReloadsAndLiveTablesGoTogetherWhoeverComesFirst) {
    constexpr int kRounds = 300;
    test::SnapshotLine line;
    Publisher publisher(
        first_served(line.next(zone_with("192.0.2.2")), 1, std::make_shared<AnswerTotals>()));
    SnapshotHandler handler(publisher, 0);
    std::atomic<bool> done = false;
    std::thread answering([&] {
        const auto query = tests::build_query("www.z.test.", dns::Type::A, {});
        std::vector<std::uint8_t> buffer(kMaxUdpQueryOctets);
        while (!done.load(std::memory_order_relaxed)) {
            std::copy(query.begin(), query.end(), buffer.begin());
            dns::Request request{buffer, query.size(), {IpAddress::v4(0x7f000001), 53}, false, 0};
            handler.answer({&request, 1});
            EXPECT_EQ(request.outcome.rcode, 0U);
            EXPECT_GT(request.reply_octets, query.size());
        }
    });
    std::atomic<bool> is_up = true;
    std::thread health([&] {
        for (int i = 0; i < kRounds; ++i) {
            is_up.store(i % 2 == 0);  // down in the end
            publish_live(publisher, [&](const zones::Serving& now) {
                return with_steady(*now.live(), is_up.load());
            });
            publisher.collect();
        }
    });
    for (int i = 0; i < kRounds; ++i) {
        const std::string address = "192.0.2." + std::to_string(2 + i % 100);
        publish_snapshot(publisher, line.next(zone_with(address)), [&](const auto& next) {
            return with_steady(zones::LiveTable(next), is_up.load());
        });
        publisher.collect();
    }
    health.join();
    done.store(true);
    answering.join();
    EXPECT_EQ(rung_of(publisher, 0), zones::Rung::Down);
    EXPECT_EQ(publisher.collect(), 0U);
}

}  // namespace
}  // namespace meridian::server
