// Checks that answers are counted by region, from snapshot to snapshot.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/answer_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "server/runtime/publisher.h"
#include "server/runtime/worker.h"
#include "tests/support/message_builder.h"
#include "tests/support/snapshot_line.h"

namespace meridian::server {
namespace {

using testing::ElementsAre;
using testing::Pair;

/// Two names that are steered by one policy with different TTLs, so by two services.
test::ModelZone zone_of(std::string_view first_address) {
    test::ModelZone zone("z.test.");
    zone.region("first", 0, 0, {std::string(first_address)})
        .region("second", 10, 10, {"2001:db8::2"});
    zone.policy("nearest");
    zone.steer("www", 0).steer("api", 0, 30).record("mail", dns::Type::A, "192.0.2.25");
    return zone;
}

/// A publisher, and a handler that answers one question at a time.
class Answering {
public:
    explicit Answering(const test::ModelZone& zone)
        : publisher_(first_served(line_.next(zone), 2, totals_)), handler_(publisher_, 1) {}

    void ask(std::string_view name, dns::Type type) {
        const auto query = tests::build_query(name, type, {});
        send(query);
    }
    void send(std::span<const std::uint8_t> message) {
        std::vector<std::uint8_t> buffer(kMaxUdpQueryOctets);
        std::ranges::copy(message, buffer.begin());
        request_.buffer = buffer;
        request_.query_octets = message.size();
        request_.peer = {IpAddress::v4(0x7f000001), 53};
        handler_.answer({&request_, 1});
    }
    void publish(const test::ModelZone& zone) {
        publish_snapshot(publisher_, line_.next(zone), all_up);
        publisher_.collect();
    }
    [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> counts() const {
        std::vector<std::pair<std::string, std::uint64_t>> counts;
        for (const auto& [counted, count] : totals_->read()) {
            counts.emplace_back(counted.service + ' ' + counted.region + ' ' + counted.file, count);
        }
        return counts;
    }
    Publisher& publisher() { return publisher_; }

private:
    std::shared_ptr<AnswerTotals> totals_ = std::make_shared<AnswerTotals>();
    test::SnapshotLine line_;
    Publisher publisher_;
    SnapshotHandler handler_;
    dns::Request request_;  // used again, as those of a worker are
};

TEST(AnswerCounts, AreThoseOfTheServiceWhereThereIsOne) {
    test::ModelZone zone = zone_of("192.0.2.1");
    zone.steer_by("shop", "shop", 0, {{"first", {"192.0.2.9"}}});
    Answering answering(zone);
    answering.ask("shop.z.test.", dns::Type::A);
    EXPECT_THAT(
        answering.counts(),
        ElementsAre(Pair("nearest first z.test..toml", 0), Pair("nearest second z.test..toml", 0),
                    Pair("shop first z.test..toml", 1), Pair("shop second z.test..toml", 0)));
}

TEST(AnswerCounts, CountTheRegionsThatWereChosen) {
    Answering answering(zone_of("192.0.2.1"));
    EXPECT_THAT(answering.counts(), ElementsAre(Pair("nearest first z.test..toml", 0),
                                                Pair("nearest second z.test..toml", 0)));
    answering.ask("www.z.test.", dns::Type::A);
    answering.ask("api.z.test.", dns::Type::A);
    answering.ask("www.z.test.", dns::Type::AAAA);
    EXPECT_THAT(answering.counts(), ElementsAre(Pair("nearest first z.test..toml", 2),
                                                Pair("nearest second z.test..toml", 1)));
}

TEST(AnswerCounts, LeaveOutAnswersWithoutARegionAndSilence) {
    Answering answering(zone_of("192.0.2.1"));
    answering.ask("www.z.test.", dns::Type::A);
    answering.ask("mail.z.test.", dns::Type::A);
    answering.ask("no.z.test.", dns::Type::A);
    answering.ask("www.z.test.", dns::Type::TXT);
    answering.ask("else.where.", dns::Type::A);
    answering.send(std::array<std::uint8_t, 3>{1, 2, 3});
    EXPECT_THAT(answering.counts(), ElementsAre(Pair("nearest first z.test..toml", 1),
                                                Pair("nearest second z.test..toml", 0)));
}

TEST(AnswerCounts, GoOnWhereSteeringChangesAndWhereItDoesNot) {
    Answering answering(zone_of("192.0.2.1"));
    answering.ask("www.z.test.", dns::Type::A);
    answering.publish(zone_of("192.0.2.1").record("new", dns::Type::A, "192.0.2.26"));
    answering.ask("www.z.test.", dns::Type::A);
    answering.publish(zone_of("192.0.2.9"));
    answering.ask("www.z.test.", dns::Type::A);
    publish_live(answering.publisher(), [](const zones::Serving& now) {
        return now.live()->with(
            std::vector<zones::LiveChange>{{.cell = 1, .up_addresses = {0, 0}}});
    });
    answering.ask("www.z.test.", dns::Type::A);
    EXPECT_THAT(answering.counts(), ElementsAre(Pair("nearest first z.test..toml", 4),
                                                Pair("nearest second z.test..toml", 0)));
}

TEST(AnswerCounts, AreReadWhileWorkersCountAndSnapshotsCome) {
    constexpr std::uint64_t kQuestions = 2'000;
    Answering answering(zone_of("192.0.2.1"));
    std::atomic<bool> done = false;
    std::thread asking([&] {
        for (std::uint64_t i = 0; i < kQuestions; ++i) {
            answering.ask("www.z.test.", dns::Type::A);
        }
        done.store(true);
    });
    std::uint64_t last = 0;
    for (int round = 0; !done.load(); ++round) {
        answering.publish(zone_of("192.0.2." + std::to_string(1 + round % 100)));
        const std::uint64_t now = answering.counts().at(0).second;
        EXPECT_GE(now, last);
        last = now;
    }
    asking.join();
    EXPECT_EQ(answering.counts().at(0).second, kQuestions);
}

TEST(AnswerCounts, OfTheBusiestAreChosen) {
    const AnswersByRegion all{{{"p", "a", "f"}, 5}, {{"p", "b", "f"}, 9}, {{"p", "c", "f"}, 7}};
    EXPECT_THAT(busiest(all, 2), ElementsAre(Pair(CountedRegion{"p", "b", "f"}, 9),
                                             Pair(CountedRegion{"p", "c", "f"}, 7)));
    EXPECT_EQ(busiest(all, 3), all);
}

}  // namespace
}  // namespace meridian::server
