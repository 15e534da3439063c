// Serves a zone of three regions from a book of health, at times that a test sets.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "meridian/clock.h"
#include "server/health/health_book.h"
#include "tests/server/health/set_time.h"
#include "tests/support/model_zone.h"
#include "tests/support/snapshot_line.h"

namespace meridian::test {

inline const server::CheckResult kRefused = fail(server::FailureKind::Refused);
constexpr std::int64_t kStart = 1'000'000;  // the date at which a test begins, in unix seconds

class BookClock final : public Clock {
public:
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return at(static_cast<double>(seconds));
    }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override {
        return std::chrono::system_clock::time_point(
            std::chrono::seconds(kStart + seconds + date_ahead));
    }
    [[nodiscard]] bool is_date_trusted() const override { return is_trusted; }
    std::int64_t seconds = 0;
    std::int64_t date_ahead = 0;  // of what passed: the date was set
    bool is_trusted = true;
};

inline zones::Health health_of(std::string path) {
    zones::Health health;
    health.checks = {
        {.kind = zones::CheckKind::Http, .port = 80, .host = "www.test", .path = std::move(path)}};
    return health;
}

/// Three regions, the last with three addresses, all behind one check.
inline ModelZone zone_of_three(const std::vector<std::string>& third = {"192.0.2.31", "192.0.2.32",
                                                                        "192.0.2.33"},
                               const std::optional<zones::Health>& health = health_of("/")) {
    ModelZone zone("z.test.");
    zone.region("first", 0, 0, {"192.0.2.1", "2001:db8::1"})
        .region("second", 10, 10, {"192.0.2.2", "2001:db8::2"})
        .region("third", 20, 20, third);
    zone.policy("nearest");
    zone.steer("www", 0);
    if (health) { zone.health(*health); }
    return zone;
}

class BookTest : public ::testing::Test {
protected:
    /// Serves a zone as a reload does.
    void serve(const ModelZone& zone) {
        const auto snapshot = line_.next(zone);
        serving_ = std::make_unique<zones::Serving>(snapshot, book_.plan(*snapshot));
    }
    /// Each of these addresses gets this result so many times in a row.
    void results(const std::vector<std::string>& addresses, const server::CheckResult& result,
                 int count = 1) {
        for (int i = 0; i < count; ++i) {
            clock_.seconds += 5;
            std::vector<server::Arrival> arrivals;
            for (const auto& [number, target] : book_.targets()) {
                if (std::ranges::count(addresses, target.label()) == 0) { continue; }
                arrivals.push_back({number, result, clock_.steady()});
            }
            EXPECT_FALSE(arrivals.empty());
            if (book_.take(arrivals)) { publish(); }
        }
    }
    void publish() {
        auto live = book_.next_live(*serving_);
        if (live) { serving_ = std::make_unique<zones::Serving>(serving_->snapshot(), live); }
    }
    /// What all addresses need once to have a verdict.
    void pass_all(int count = 1) {
        std::vector<std::string> all;
        for (const auto& [number, target] : book_.targets()) {
            all.push_back(target.label());
        }
        results(all, pass(), count);
    }
    [[nodiscard]] std::vector<zones::Rung> rungs(std::size_t family = 0) const {
        std::vector<zones::Rung> rungs;
        for (const zones::LiveCell& cell : serving_->live()->cells()) {
            rungs.push_back(cell.standing[family].rung);
        }
        return rungs;
    }
    [[nodiscard]] std::uint64_t third_up() const { return serving_->live()->up_addresses(2, 0); }

    BookClock clock_;
    server::HealthBook book_{clock_};
    SnapshotLine line_;
    std::unique_ptr<zones::Serving> serving_;
};

}  // namespace meridian::test
