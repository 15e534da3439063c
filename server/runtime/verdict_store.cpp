// Writes and reads what is known of the targets of checks, for the next start.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/verdict_store.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "server/state/state_lines.h"

namespace meridian::server {

namespace {

constexpr StateForm kVerdictsForm{"meridian verdicts ", 1};

/// Whether a region is latched, by 1, and its check is on trial, by 2.
constexpr std::array<std::string_view, 4> kConditions{"free", "latched", "trial", "latched-trial"};

std::string_view condition_of(const SavedVerdict& verdict) {
    return kConditions.at((verdict.is_latched ? 1U : 0U) + (verdict.is_on_trial ? 2U : 0U));
}

/// The reason, which the network may have had a hand in, comes last and has no line feed.
std::string verdict_line(const SavedVerdict& verdict) {
    return verdict.target.to_text() + ' ' + std::string(to_text(verdict.state)) + ' ' +
           std::to_string(verdict.since) + ' ' + std::to_string(verdict.last_result) + ' ' +
           std::to_string(verdict.last_fall) + ' ' + std::to_string(verdict.hold_milliseconds) +
           ' ' + std::string(condition_of(verdict)) + ' ' + verdict.reason + '\n';
}

std::optional<SavedVerdict> parse_verdict(std::string_view line) {
    const auto target = Digest::parse(take_until(line, ' '));
    const auto state = target_state_from_text(take_until(line, ' '));
    const auto since = parse_number<std::int64_t>(take_until(line, ' '));
    const auto last_result = parse_number<std::int64_t>(take_until(line, ' '));
    const auto last_fall = parse_number<std::int64_t>(take_until(line, ' '));
    const auto hold = parse_number<std::uint32_t>(take_until(line, ' '));
    const auto condition = std::ranges::find(kConditions, take_until(line, ' '));
    if (!target || !state || !since || !last_result || !last_fall || !hold) { return {}; }
    if (condition == kConditions.end()) { return {}; }
    const auto bits = static_cast<unsigned>(condition - kConditions.begin());
    return SavedVerdict{.target = *target,
                        .state = *state,
                        .since = *since,
                        .last_result = *last_result,
                        .last_fall = *last_fall,
                        .hold_milliseconds = *hold,
                        .is_latched = (bits & 1U) != 0,
                        .is_on_trial = (bits & 2U) != 0,
                        .reason = std::string(line)};
}

}  // namespace

std::string verdicts_text(const std::vector<SavedVerdict>& verdicts) {
    return write_state_list(kVerdictsForm, verdicts, verdict_line);
}

Result<std::vector<SavedVerdict>, std::string> parse_verdicts(std::string_view text) {
    return read_state_list(kVerdictsForm, text, parse_verdict);
}

}  // namespace meridian::server
