// Checks the request of a check, when probes are due, and which addresses get none.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "server/probing/http_request.h"
#include "server/probing/network_text.h"
#include "server/probing/probe_failure.h"
#include "server/probing/probe_schedule.h"
#include "tests/server/health/set_time.h"

namespace meridian::server {
namespace {

using std::chrono::seconds;
using test::at;
using testing::HasSubstr;
using testing::Not;

IpAddress address(const std::string& text) {
    return *IpAddress::parse(text);
}

TEST(HttpRequest, IsWholeAndEndsTheConnection) {
    const zones::HealthCheck check{.kind = zones::CheckKind::Https,
                                   .port = 443,
                                   .host = "www.beigel.example",
                                   .path = "/healthz",
                                   .headers = {{"X-Probe", "1"}}};
    EXPECT_EQ(http_request(check, address("192.0.2.1"), "meridian-health"),
              "GET /healthz HTTP/1.1\r\nHost: www.beigel.example\r\nUser-Agent: meridian-health\r\n"
              "Accept: */*\r\nConnection: close\r\nX-Probe: 1\r\n\r\n");
}

TEST(HttpRequest, NamesAPortThatIsNotTheUsualOne) {
    zones::HealthCheck check{.kind = zones::CheckKind::Http, .port = 8080, .host = "a.example"};
    EXPECT_THAT(http_request(check, address("192.0.2.1"), "x"),
                HasSubstr("Host: a.example:8080\r"));
    check.port = 80;
    EXPECT_THAT(http_request(check, address("192.0.2.1"), "x"), HasSubstr("Host: a.example\r"));
    check.host = "";
    EXPECT_THAT(http_request(check, address("2001:db8::1"), "x"),
                HasSubstr("Host: [2001:db8::1]\r"));
}

TEST(HttpRequest, LetsHeadersOfTheCheckReplaceOurs) {
    const zones::HealthCheck check{.kind = zones::CheckKind::Http,
                                   .port = 80,
                                   .host = "a.example",
                                   .path = "/",
                                   .headers = {{"host", "b.example"}, {"USER-AGENT", "other"}}};
    const std::string request = http_request(check, address("192.0.2.1"), "meridian-health");
    EXPECT_THAT(request, HasSubstr("host: b.example\r\n"));
    EXPECT_THAT(request, Not(HasSubstr("a.example")));
    EXPECT_THAT(request, Not(HasSubstr("meridian-health")));
}

TEST(HttpRequest, TakesNoLinesFromTheCheck) {
    const zones::HealthCheck check{.kind = zones::CheckKind::Http,
                                   .port = 80,
                                   .host = "a.example\r\nX-A: 1",
                                   .path = "/\r\nX-B: 1",
                                   .headers = {{"X-C", "1\r\n\r\nGET /"}}};
    const std::string request = http_request(check, address("192.0.2.1"), "u\nX-D: 1");
    EXPECT_EQ(std::ranges::count(request, '\n'), 7);
}

TEST(NetworkText, FitsALine) {
    EXPECT_EQ(network_text("a\x1b[0m\n"), "a\\u001b[0m\\u000a");
    EXPECT_EQ(network_text("abcdef", 3), "abc...");
    EXPECT_EQ(network_text("abc", 3), "abc");
}

TEST(ProbeFailure, KnowsSignsOfBlindnessAndOwnShortage) {
    EXPECT_TRUE(failure_of(ENETUNREACH, "connect", false).is_sign());
    EXPECT_TRUE(failure_of(ECONNRESET, "request", false).is_sign());
    EXPECT_FALSE(failure_of(ECONNRESET, "reply", true).is_sign());
    EXPECT_FALSE(failure_of(ECONNREFUSED, "connect", false).is_sign());
    EXPECT_EQ(failure_of(ETIMEDOUT, "connect", false).text, "connect timed out");
    EXPECT_TRUE(is_own_shortage(EMFILE));
    EXPECT_FALSE(is_own_shortage(ECONNREFUSED));
}

TEST(ProbeSchedule, SpreadsTheFirstProbesOverAPeriodAndKeepsThePaceOfEach) {
    ProbeSchedule schedule(18);
    for (std::uint64_t target = 0; target < 1000; ++target) {
        schedule.add(target, seconds(5), at(0));
    }
    std::map<std::uint64_t, double> last;
    std::map<int, int> of_second;
    for (int hundredths = 0; hundredths < 5000; ++hundredths) {
        const double now = hundredths / 100.0;
        for (const auto& due : schedule.take_due(at(now))) {
            EXPECT_FALSE(due.is_late);
            if (now < 5) { ++of_second[static_cast<int>(now)]; }
            if (last.contains(due.target)) { EXPECT_NEAR(now - last[due.target], 5, 0.011); }
            last[due.target] = now;
        }
    }
    EXPECT_EQ(last.size(), 1000u);
    for (int second = 0; second < 5; ++second) {
        EXPECT_NEAR(of_second[second], 200, 60);
    }
}

TEST(ProbeSchedule, SpreadsAnewWhatAStopMadeLate) {
    ProbeSchedule schedule(18);
    for (std::uint64_t target = 0; target < 1000; ++target) {
        schedule.add(target, seconds(5), at(0));
    }
    const auto late = schedule.take_due(at(30));  // the process stood still
    EXPECT_EQ(late.size(), 1000u);
    for (const auto& due : late) {
        EXPECT_TRUE(due.is_late);
        EXPECT_GT(*schedule.next_of(due.target), at(30));
        EXPECT_LE(*schedule.next_of(due.target), at(35));
    }
    EXPECT_LT(schedule.take_due(at(30.1)).size(), 60u);
    EXPECT_NEAR(static_cast<double>(schedule.take_due(at(32.5)).size()), 480, 100);
}

TEST(ProbeSchedule, ForgetsWhatIsRemoved) {
    ProbeSchedule schedule(18);
    EXPECT_FALSE(schedule.next());
    schedule.add(1, seconds(5), at(0));
    schedule.add(2, seconds(5), at(0));
    schedule.remove(1);
    schedule.remove(1);
    EXPECT_EQ(schedule.next(), schedule.next_of(2));
    EXPECT_FALSE(schedule.next_of(1));
    schedule.remove(2);
    EXPECT_TRUE(schedule.take_due(at(100)).empty());
}

}  // namespace
}  // namespace meridian::server
