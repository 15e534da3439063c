// Checks what follows for a host from the reports of its addresses.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "server/probing/host_probe.h"

namespace meridian::server {
namespace {

using Reports = std::vector<std::optional<TargetReport>>;

const std::vector<IpAddress> kTwo{IpAddress::parse("10.0.0.1").value(),
                                  IpAddress::parse("2001:db8::1").value()};

TargetReport passed() {
    return {.result = CheckResult{}};
}
TargetReport failed(FailureKind kind, const std::string& text) {
    return {.result = CheckResult{kind, text}};
}

std::optional<TargetReport> of(Reports reports) {
    return report_of_host(kTwo, reports);
}

TEST(ReportOfHost, PassesAsSoonAsOneAddressDoes) {
    const auto report = of({std::nullopt, passed()});
    ASSERT_TRUE(report && report->result);
    EXPECT_TRUE(report->result->passed());
    EXPECT_EQ(report->families, (FamilySet{true, true}));
    EXPECT_FALSE(of({failed(FailureKind::Refused, "connection refused"), std::nullopt}));
}

TEST(ReportOfHost, FailsWhenAllDoForTheReasonOfTheFirst) {
    const auto report = of({failed(FailureKind::TimedOut, "connect timed out"),
                            failed(FailureKind::TimedOut, "reply timed out")});
    ASSERT_TRUE(report && report->result);
    EXPECT_EQ(report->result->text, "10.0.0.1: connect timed out");
    EXPECT_TRUE(report->result->is_sign());
    const auto reached = of({failed(FailureKind::TimedOut, "connect timed out"),
                             failed(FailureKind::Refused, "connection refused")});
    EXPECT_FALSE(reached->result->is_sign()) << "the way to one of them is open";
}

TEST(ReportOfHost, HasNoResultWhereAnAddressHasNone) {
    const auto report = of({failed(FailureKind::TimedOut, "connect timed out"),
                            TargetReport{.why_none = "it was read late by this server"}});
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->result);
    EXPECT_EQ(report->why_none, "it was read late by this server");
    EXPECT_TRUE(of({passed(), TargetReport{.why_none = "late"}})->result->passed());
}

}  // namespace
}  // namespace meridian::server
