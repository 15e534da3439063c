// Gives the time, so that a test can set it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <time.h>

#include <chrono>
#include <cstdint>
#include <string>

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
    /// For ends that no setting of the date moves: since the machine began, its sleep included.
    [[nodiscard]] virtual std::chrono::seconds since_boot() const {
        return std::chrono::floor<std::chrono::seconds>(steady().time_since_epoch());
    }
    /// Which start of the machine that counts from; empty where it is not known.
    [[nodiscard]] virtual std::string boot_id() const { return {}; }
    /// Whether the date is right, as far as is known. While it is not, nothing begins or ends by
    /// it.
    [[nodiscard]] virtual bool is_date_trusted() const { return true; }
};

/// CLOCK_BOOTTIME: it goes on while the machine sleeps.
inline std::chrono::seconds seconds_since_boot() {
    timespec now{};
    if (clock_gettime(CLOCK_BOOTTIME, &now) != 0) { return {}; }
    return std::chrono::seconds(now.tv_sec);
}

class SystemClock final : public Clock {
public:
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return std::chrono::steady_clock::now();
    }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override {
        return std::chrono::system_clock::now();
    }
    [[nodiscard]] std::chrono::seconds since_boot() const override { return seconds_since_boot(); }
};

}  // namespace meridian
