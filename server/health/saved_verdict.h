// Describes what is known of a target in a form that outlives the process.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "meridian/clock.h"
#include "meridian/digest.h"
#include "server/health/health_plan.h"
#include "server/health/verdict.h"

namespace meridian::server {

/// An older verdict says nothing of now.
constexpr std::chrono::hours kVerdictsHold{1};

struct SavedVerdict {
    Digest target = {};  ///< Of address and check.
    TargetState state = TargetState::Unknown;
    // Unix seconds; 0 where there is none.
    std::int64_t since = 0;
    std::int64_t last_result = 0;
    std::int64_t last_fall = 0;
    std::uint32_t hold_milliseconds = 0;
    bool is_latched = false;   ///< Its region fell, and waits to be released. That has no age.
    bool is_on_trial = false;  ///< Its check was changed, and has passed nowhere yet.
    std::string reason = {};   ///< One line.
    friend bool operator==(const SavedVerdict&, const SavedVerdict&) = default;
};

/// "unknown", "pending", "up", "down"
std::string_view to_text(TargetState state);
std::optional<TargetState> target_state_from_text(std::string_view text);

/// Of address and check, without the timing.
Digest target_digest(const Target& target);

SavedVerdict save(const Target& target, const VerdictRecord& record, const Clock& clock);
/// What was known, if that is not too old.
std::optional<VerdictRecord> restore(const SavedVerdict& saved, const Clock& clock);

}  // namespace meridian::server
