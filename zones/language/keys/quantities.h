// Reads durations and sizes, and says what was meant by values that are none.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "meridian/zones/key_rows.h"

namespace meridian::zones {

// The functions that read them are declared in key_rows.h, for all who read tables.

inline constexpr std::int64_t kMillisecondsPerSecond = 1000;
/// Far beyond the range of any row, which refuses it; every product stays within 64 bits.
inline constexpr std::int64_t kMaxDurationSeconds = std::int64_t{1} << 40;

/// What is wanted of a kind, in words: "a whole number".
std::string_view expectation(Kind kind);

/// In the largest unit that leaves a whole number: "1h".
std::string duration_text(std::chrono::milliseconds duration);

// What was meant by a string of another form; empty where that is unknown.

/// "write X; " for what other notations call a duration: "1h30m" of master files, "300", "5 min",
/// "90S".
std::string meant_duration(std::string_view text);
/// Likewise for "8MB", "64k", "4096".
std::string meant_size(std::string_view text);

/// What stands in quotes and is wanted without: "4", "0.5", "true", a time. "Yes", "on" and "1" are
/// true as well. Nothing for kinds whose values have quotes.
std::optional<std::string> meant_without_quotes(std::string_view text, Kind kind);

}  // namespace meridian::zones
