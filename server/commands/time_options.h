// Reads durations and points in time as operators write them after an option.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meridian::server {

/// Seconds of "90", "90s", "30m", "2h", "1d", "2w": from 1 to ten years.
std::optional<std::int64_t> read_duration(std::string_view text);

/// Unix seconds of "2026-12-01T03:00:00Z", with any offset, or of a duration before `now`.
std::optional<std::int64_t> read_moment(std::string_view text, std::int64_t now);

/// What to say of a text that is no moment; `option` is "--since".
std::string no_moment(std::string_view option, std::string_view text);

}  // namespace meridian::server
