// Checks that each distinct target is probed at its pace, and that none is probed when it is gone.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/prober.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/server/probing/back_end.h"

namespace meridian::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using test::BackEnd;
using test::replies;

const std::string kEmptyPage = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

ProbeTarget target(std::uint16_t port, const std::string& path = "/",
                   milliseconds every = milliseconds(200)) {
    ProbeTarget made;
    made.address = *IpAddress::parse("127.0.0.1");
    made.checks = {
        {.kind = zones::CheckKind::Http, .port = port, .host = "a.example", .path = path}};
    made.every = every;
    made.timeout = every / 2;
    return made;
}

/// Its probe is in flight for a minute.
ProbeTarget slow_target(std::uint16_t port) {
    ProbeTarget made = target(port);
    made.timeout = seconds(60);
    return made;
}

class TheProber : public testing::Test {
protected:
    void make(std::size_t max_sockets = kMaxProbeSockets) {
        prober_ = std::make_unique<Prober>(context_,
                                           ProberOptions{.max_sockets = max_sockets, .seed = 18},
                                           [this](std::span<const Probed> probed) {
                                               ++turns_;
                                               for (const Probed& one : probed) {
                                                   reports_[one.target].push_back(one.report);
                                               }
                                           });
    }
    /// Runs until `done`, or for so long that this machine cannot be the reason.
    bool run_until(const std::function<bool()>& done) {
        const auto end = steady_clock::now() + seconds(60);
        while (!done() && steady_clock::now() < end) {
            context_.restart();
            context_.run_for(milliseconds(10));
        }
        return done();
    }
    /// Whether nothing is left to wait for.
    bool runs_out() {
        context_.restart();
        context_.run_for(seconds(30));
        return context_.stopped();
    }
    std::size_t passes(std::uint64_t number) {
        return static_cast<std::size_t>(std::ranges::count_if(
            reports_[number],
            [](const TargetReport& report) { return report.result && report.result->passed(); }));
    }

    boost::asio::io_context context_{1};
    std::unique_ptr<Prober> prober_;
    std::map<std::uint64_t, std::vector<TargetReport>> reports_;
    std::size_t turns_ = 0;
};

TEST_F(TheProber, ProbesEachTargetAgainAndAgain) {
    BackEnd back_end(replies(kEmptyPage));
    make();
    const auto began = steady_clock::now();
    const auto numbers =
        prober_->replace(std::vector{target(back_end.port(), "/a"), target(back_end.port(), "/b")});
    EXPECT_EQ(prober_->target_count(), 2u);
    EXPECT_TRUE(run_until([&] { return passes(numbers[0]) >= 3 && passes(numbers[1]) >= 3; }));
    EXPECT_GE(steady_clock::now() - began, milliseconds(400)) << "two periods lie between three";
    EXPECT_TRUE(prober_->next_check(numbers[0]));
}

TEST_F(TheProber, AsksAFileNowWhenItIsToldToWhateverHangs) {
    BackEnd back_end([](int) { std::this_thread::sleep_for(seconds(5)); });
    std::string says = "up";
    ProberOptions options{.max_sockets = 1};
    options.probe.ask_file = [&](const zones::HealthCheck&, const IpAddress&) {
        if (says.empty()) { return PushedVerdict{.problem = "gone"}; }
        return PushedVerdict{.result = says == "up" ? CheckResult{}
                                                    : CheckResult{FailureKind::Other, says}};
    };
    std::vector<TargetReport> reports;
    Prober prober(context_, options, [&](std::span<const Probed> probed) {
        for (const Probed& one : probed) {
            reports.push_back(one.report);
        }
    });
    ProbeTarget file = target(1, "/", seconds(3600));
    file.checks = {{.kind = zones::CheckKind::File}};
    const auto numbers = prober.replace(std::vector{slow_target(back_end.port()), file});
    ASSERT_TRUE(run_until([&] { return prober.in_flight_count() == 1; }));
    for (const std::string& next : {std::string("up"), std::string("down"), std::string()}) {
        prober.probe_now(numbers[1]);  // its report is on the way when the file changes
        says = next;
        prober.probe_now(numbers[1]);
        const std::size_t before = reports.size();
        ASSERT_TRUE(run_until([&] { return reports.size() > before; }));
        EXPECT_EQ(reports.size(), before + 1);
        EXPECT_EQ(reports.back().result.has_value(), !next.empty());
        if (!next.empty()) { EXPECT_EQ(reports.back().result->passed(), next == "up"); }
        EXPECT_EQ(reports.back().problem, next.empty() ? "gone" : "");
    }
    EXPECT_EQ(prober.in_flight_count(), 1u) << "a file takes no socket";
}

TEST_F(TheProber, ProbesEqualTargetsOnce) {
    BackEnd back_end(replies(kEmptyPage));
    make();
    const auto numbers =
        prober_->replace(std::vector{target(back_end.port(), "/a"), target(back_end.port(), "/b"),
                                     target(back_end.port(), "/a")});
    EXPECT_EQ(numbers[0], numbers[2]);
    EXPECT_NE(numbers[0], numbers[1]);
    EXPECT_EQ(prober_->target_count(), 2u);
}

TEST_F(TheProber, KeepsApartWhatDiffersInAnything) {
    make();
    const ProbeTarget first = target(1);
    std::vector<ProbeTarget> targets(14, first);
    targets[1].address = *IpAddress::parse("127.0.0.2");
    targets[2].checks.front().port = 2;
    targets[3].checks.front().kind = zones::CheckKind::Https;
    targets[4].checks.front().host = "b.example";
    targets[5].checks.front().path = "/b";
    targets[6].checks.front().method = "HEAD";
    targets[7].checks.front().headers = {{"a", "b"}};
    targets[8].checks.front().headers = {{"ab", ""}};
    targets[9].checks.front().status = {200};
    targets[10].checks.front().body = "ok";
    targets[11].every = milliseconds(201);
    targets[12].timeout = milliseconds(99);
    targets[13].checks.front().status = {2, 0};
    const auto numbers = prober_->replace(targets);
    EXPECT_EQ(std::set(numbers.begin(), numbers.end()).size(), targets.size());
}

TEST_F(TheProber, KeepsTheNumbersAndThePaceOfTargetsThatStay) {
    make();
    const auto before = prober_->replace(std::vector{target(1), target(2), target(3)});
    const auto due = prober_->next_check(before[1]);
    const auto after = prober_->replace(std::vector{target(4), target(2)});
    EXPECT_EQ(after[1], before[1]);
    EXPECT_EQ(prober_->next_check(after[1]), due);
    EXPECT_FALSE(prober_->next_check(before[0]));
    const auto again = prober_->replace(std::vector{target(1)});
    EXPECT_NE(again[0], before[0]) << "no number is given twice";
}

TEST_F(TheProber, ReportsNothingOfTargetsThatAreGone) {
    BackEnd hung(test::wait_for_close);
    make();
    const auto numbers = prober_->replace(std::vector{slow_target(hung.port())});
    ASSERT_TRUE(run_until([&] { return prober_->in_flight_count() == 1; }));
    prober_->replace({});
    EXPECT_EQ(prober_->in_flight_count(), 0u);
    EXPECT_TRUE(runs_out());
    EXPECT_TRUE(reports_[numbers[0]].empty());
}

TEST_F(TheProber, EndsWithWhatIsInFlight) {
    BackEnd hung(test::wait_for_close);
    make();
    prober_->replace(std::vector{slow_target(hung.port())});
    ASSERT_TRUE(run_until([&] { return prober_->in_flight_count() == 1; }));
    prober_.reset();
    EXPECT_TRUE(runs_out());
    EXPECT_EQ(turns_, 0u);
}

TEST_F(TheProber, OpensNoMoreSocketsThanItMay) {
    BackEnd hung(test::wait_for_close);
    make(4);
    std::vector<ProbeTarget> targets;
    for (int i = 0; i < 20; ++i) {
        targets.push_back(target(hung.port(), "/" + std::to_string(i)));
    }
    const auto numbers = prober_->replace(targets);
    std::size_t most = 0;
    EXPECT_TRUE(run_until([&] {
        most = std::max(most, prober_->in_flight_count());
        return std::ranges::all_of(numbers,
                                   [&](std::uint64_t number) { return !reports_[number].empty(); });
    })) << "each has its turn";
    EXPECT_EQ(most, 4u);
}

TEST_F(TheProber, GathersTheReportsOfATurn) {
    const test::BoundPort refused = test::bind_port(-1);
    make();
    std::vector<ProbeTarget> targets;
    for (int i = 0; i < 200; ++i) {
        targets.push_back(target(refused.port, "/" + std::to_string(i)));
    }
    const auto numbers = prober_->replace(targets);
    std::size_t count = 0;
    EXPECT_TRUE(run_until([&] {
        count = 0;
        for (const auto& [number, reports] : reports_) {
            count += reports.size();
        }
        return count >= 400;
    }));
    EXPECT_LT(turns_, count);
}

TEST_F(TheProber, MakesNoFailuresOfItsOwnStop) {
    BackEnd fine(replies(kEmptyPage));
    BackEnd hung(test::wait_for_close);
    make();
    const auto numbers = prober_->replace(std::vector{target(fine.port(), "/", seconds(1)),
                                                      target(hung.port(), "/", milliseconds(400))});
    ASSERT_TRUE(run_until([&] { return prober_->in_flight_count() >= 1; }));
    reports_.clear();
    const auto stopped = steady_clock::now();
    std::this_thread::sleep_for(milliseconds(1500));  // as a SIGSTOP does
    const auto went_on = steady_clock::now();
    ASSERT_TRUE(run_until([&] { return passes(numbers[0]) >= 1; }));
    std::size_t late = 0;
    for (const auto& [number, reports] : reports_) {
        for (const TargetReport& report : reports) {
            late += report.result ? 0u : 1u;
            if (report.checks.empty()) { continue; }  // it was not even sent
            const auto ended = report.began + report.checks.front()->total;
            const bool was_stopped = report.began < went_on && ended > stopped;
            EXPECT_FALSE(was_stopped && report.result);
        }
    }
    EXPECT_GE(late, 1u);
}

}  // namespace
}  // namespace meridian::server
