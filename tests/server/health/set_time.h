// Counts seconds from the start of a test, in the clock of verdicts.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "server/probing/check_result.h"

namespace meridian::test {

using TimePoint = std::chrono::steady_clock::time_point;

/// `seconds` behind a start that is no epoch.
inline TimePoint at(double seconds) {
    return TimePoint(std::chrono::hours(1000)) +
           std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

inline server::CheckResult pass() {
    return {};
}
inline server::CheckResult fail(server::FailureKind kind = server::FailureKind::TimedOut,
                                const std::string& text = "connect timed out") {
    return {kind, text};
}

}  // namespace meridian::test
