// Gives the time, so that a test can set it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace meridian {

/// A date as state files, JSON and DNS timers have it: seconds since 1970, leap seconds not
/// counted.
inline std::int64_t unix_seconds(std::chrono::system_clock::time_point date) {
    return std::chrono::duration_cast<std::chrono::seconds>(date.time_since_epoch()).count();
}

/// Where control code reads the time; the answer path never calls it (STYLE rule 13).
class Clock {
public:
    virtual ~Clock() = default;
    /// For intervals: it never jumps.
    [[nodiscard]] virtual std::chrono::steady_clock::time_point steady() const = 0;
    /// For dates: an operator may set it back.
    [[nodiscard]] virtual std::chrono::system_clock::time_point wall() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return std::chrono::steady_clock::now();
    }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override {
        return std::chrono::system_clock::now();
    }
};

}  // namespace meridian
