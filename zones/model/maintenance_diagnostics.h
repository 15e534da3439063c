// Lists the kinds of diagnostics about maintenance of regions.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"

/// Part of diagnostic_kinds.h, whose rules apply.
namespace meridian::zones::diagnostics {

using enum Severity;

inline constexpr DiagnosticKind kTimeWithoutOffset{
    "time-without-offset", Error, "{} is no moment that is the same on every server",
    "write date, time and offset, such as 2026-12-01T03:00:00Z"};
inline constexpr DiagnosticKind kWindowEndsFirst{"window-ends-first", Error,
                                                 "the window ends before it begins, at {}",
                                                 "`until` lies behind `from`, which is {}"};
inline constexpr DiagnosticKind kTooManyWindows{"too-many-windows", Error,
                                                "{} windows; a region has at most {}"};
inline constexpr DiagnosticKind kReasonTooLong{"reason-too-long", Error,
                                               "{} octets; a reason has at most {}"};
inline constexpr DiagnosticKind kWindowTakesLast{
    "window-takes-last", Error, "from {} on {} has no region left{}: {}",
    "choose another time, or leave a region out of it that is active then"};

}  // namespace meridian::zones::diagnostics
