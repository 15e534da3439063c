// Checks which result follows from those of several checks.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/target_probe.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace meridian::server {
namespace {

using ProbeReports = std::vector<std::optional<ProbeReport>>;

ProbeTarget target(zones::CheckNeed need) {
    return {.checks = {{.kind = zones::CheckKind::Tcp, .port = 22},
                       {.kind = zones::CheckKind::Https, .port = 443, .path = "/up"}},
            .need = need};
}

std::optional<ProbeReport> check_passed() {
    return ProbeReport{.result = CheckResult{}};
}

std::optional<ProbeReport> check_failed(FailureKind kind, const std::string& text) {
    return ProbeReport{.result = CheckResult{kind, text}};
}

std::optional<ProbeReport> none() {
    return ProbeReport{.why_none = "it was read late by this server"};
}

const std::optional<ProbeReport> kRuns;
const std::optional<ProbeReport> kHangs = check_failed(FailureKind::TimedOut, "connect timed out");
const std::optional<ProbeReport> kRefuses =
    check_failed(FailureKind::Refused, "connection refused");

/// "passes", the text of the failure, or "open".
std::string result(zones::CheckNeed need, const ProbeReports& reports) {
    const auto result = result_of(target(need), reports);
    if (!result) { return "open"; }
    return result->passed() ? "passes" : result->text;
}

TEST(ResultOfSeveral, WithAllOneFailureDecidesAndPassingTakesAll) {
    const auto all = zones::CheckNeed::All;
    EXPECT_EQ(result(all, {check_passed(), kRuns}), "open");
    EXPECT_EQ(result(all, {check_passed(), none()}), "open");
    EXPECT_EQ(result(all, {check_passed(), check_passed()}), "passes");
    EXPECT_EQ(result(all, {kRuns, kRefuses}), "https /up: connection refused");
    EXPECT_EQ(result(all, {none(), kHangs}), "https /up: connect timed out");
    EXPECT_EQ(result(all, {kRefuses, kHangs}), "tcp 22: connection refused") << "the first one";
}

TEST(ResultOfSeveral, WithAnyOneSuccessDecidesAndFailingTakesAll) {
    const auto any = zones::CheckNeed::Any;
    EXPECT_EQ(result(any, {kRefuses, kRuns}), "open");
    EXPECT_EQ(result(any, {kRefuses, none()}), "open");
    EXPECT_EQ(result(any, {kRuns, check_passed()}), "passes");
    EXPECT_EQ(result(any, {none(), check_passed()}), "passes");
    EXPECT_EQ(result(any, {kRefuses, kHangs}), "tcp 22: connection refused");
}

TEST(ResultOfSeveral, IsNoSignOfBlindnessWhereOneOfThemShowsThatTheWayIsOpen) {
    const auto is_sign = [](const ProbeReports& reports) {
        return result_of(target(zones::CheckNeed::All), reports)->is_sign();
    };
    EXPECT_TRUE(is_sign({kHangs, kHangs}));
    EXPECT_TRUE(is_sign({kHangs, kRuns}));
    EXPECT_FALSE(is_sign({kHangs, check_passed()}));
    EXPECT_FALSE(is_sign({kHangs, kRefuses}));
}

TEST(ResultOfSeveral, StaysASignOfBlindnessBesideAFileOrACommandThatPasses) {
    for (const zones::CheckKind kind : {zones::CheckKind::File, zones::CheckKind::Command}) {
        ProbeTarget two = target(zones::CheckNeed::All);
        two.checks[0].kind = kind;
        EXPECT_TRUE(result_of(two, {check_passed(), kHangs})->is_sign());
        two.need = zones::CheckNeed::Any;
        EXPECT_TRUE(
            result_of(two, {check_failed(FailureKind::Other, "it says so"), kHangs}).has_value());
    }
}

TEST(ResultOfSeveral, OfOneCheckIsItsOwnWithoutItsName) {
    ProbeTarget one = target(zones::CheckNeed::All);
    one.checks.resize(1);
    const auto result = result_of(one, {kHangs});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->text, "connect timed out");
    EXPECT_TRUE(result->is_sign());
}

TEST(CheckName, SaysWhatIsAsked) {
    EXPECT_EQ(check_name({.kind = zones::CheckKind::Http, .path = "/a"}), "http /a");
    EXPECT_EQ(check_name({.kind = zones::CheckKind::Tls, .port = 853}), "tls 853");
    zones::HealthCheck check{.kind = zones::CheckKind::Dns};
    check.question.name = dns::Name::parse_absolute("a.example").value();
    EXPECT_EQ(check_name(check), "dns a.example.");
    EXPECT_EQ(check_name({.kind = zones::CheckKind::File, .file = {.name = "a.json"}}),
              "file a.json");
    EXPECT_EQ(check_name({.kind = zones::CheckKind::Command, .command = "lag"}), "command lag");
}

}  // namespace
}  // namespace meridian::server
