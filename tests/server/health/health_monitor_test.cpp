// Runs the thread of the checks beside reloads, against a listener and a port where none is.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/health_monitor.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "meridian/clock.h"
#include "server/runtime/publisher.h"
#include "tests/support/model_zone.h"
#include "tests/support/snapshot_line.h"

namespace meridian::server {
namespace {

using namespace std::chrono_literals;
using zones::Rung;

/// Listens on 127.0.0.1, on a port that is free.
class Listener {
public:
    Listener() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t octets = sizeof address;
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): how sockets are named
        auto* const name = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(bind(socket_, name, octets), 0);
        EXPECT_EQ(listen(socket_, 64), 0);
        EXPECT_EQ(getsockname(socket_, name, &octets), 0);
        port_ = ntohs(address.sin_port);
    }
    ~Listener() { close(socket_); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::uint16_t port_ = 0;
};

/// A region that listens, one that refuses, and one that comes and goes with `number`.
test::ModelZone zone_of(std::uint16_t port, int number) {
    test::ModelZone zone("z.test.");
    zone.region("living", 0, 0, {"127.0.0.1"})
        .region("dead", 10, 10, {"127.0.0.9"})
        .region("other", 20, 20, {"127.0.1." + std::to_string(1 + number % 5)});
    zone.policy("nearest");
    zone.steer("www", 0);
    zones::Health health;
    health.checks = {{.kind = zones::CheckKind::Tcp, .port = port}};
    health.timing = {.every = 50ms, .timeout = 40ms, .fall = 1, .rise = 1, .hold = 0ms};
    return zone.health(health);
}

class HealthMonitorTest : public ::testing::Test {
protected:
    HealthMonitorTest() {
        MonitorOutlets outlets;
        outlets.publish = [this](const MonitorOutlets::NextLive& next) {
            publish_live(publisher_, next);
            publisher_.collect();
        };
        outlets.note_turn = [this](const RegionTurn& turn) {
            if (turn.region == "dead") { ++dead_turns_; }
        };
        outlets.note_addresses = [](const std::vector<AddressTurn>&) {};
        outlets.note_sight = [](const std::string&, bool) {};
        outlets.note_alarm = [](const ServiceAlarm&, bool) {};
        outlets.save = [](const std::vector<SavedVerdict>&) {};
        monitor_ = std::make_unique<HealthMonitor>(clock_, ProberOptions(), std::move(outlets));
        publish_live(publisher_,
                     [this](const zones::Serving& now) { return monitor_->plan(*now.snapshot()); });
        monitor_->start();
    }
    ~HealthMonitorTest() override { monitor_->stop(); }

    void publish(int number) {
        publish_snapshot(publisher_, line_.next(zone_of(listener_.port(), number)),
                         [this](const zones::Snapshot& next) { return monitor_->plan(next); });
        publisher_.collect();
    }
    [[nodiscard]] Rung rung(std::size_t cell) const {
        return publisher_.current()->serving.live()->cells()[cell].standing[0].rung;
    }
    /// Whether it comes to that within a time that a busy machine needs, too.
    [[nodiscard]] bool comes_to(std::size_t cell, Rung wanted) const {
        for (int i = 0; i < 2'000; ++i) {
            if (rung(cell) == wanted) { return true; }
            std::this_thread::sleep_for(10ms);
        }
        return false;
    }

    SystemClock clock_;
    Listener listener_;
    test::SnapshotLine line_;
    Publisher publisher_{first_served(line_.next(zone_of(listener_.port(), 0)), 1,
                                      std::make_shared<AnswerTotals>())};
    std::atomic<int> dead_turns_ = 0;
    std::unique_ptr<HealthMonitor> monitor_;
};

TEST_F(HealthMonitorTest, PublishesWhatItsChecksFind) {
    EXPECT_TRUE(comes_to(1, Rung::Down));
    EXPECT_EQ(rung(0), Rung::Up);
    EXPECT_GE(dead_turns_.load(), 1);
    const HealthStatus status = monitor_->status();
    ASSERT_EQ(status.regions.size(), 3U);
    EXPECT_EQ(status.regions[1].addresses.at(0).state, "down");
}

TEST_F(HealthMonitorTest, WhatIsDownStaysDownInEverySnapshotThatComes) {
    ASSERT_TRUE(comes_to(1, Rung::Down));
    for (int i = 0; i < 200; ++i) {
        publish(i);
        ASSERT_EQ(rung(1), Rung::Down) << i;
        ASSERT_EQ(rung(0), Rung::Up) << i;
    }
}

TEST_F(HealthMonitorTest, EndsWhileProbesAreUnderWay) {
    for (int i = 0; i < 20; ++i) {
        publish(i);
    }
    monitor_->stop();
    EXPECT_EQ(monitor_->status().target_count, 3U);
}

}  // namespace
}  // namespace meridian::server
