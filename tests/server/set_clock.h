// Stands still at a time that a test sets.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "meridian/clock.h"

namespace meridian::test {

class SetClock final : public Clock {
public:
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return {}; }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override {
        return std::chrono::system_clock::time_point(std::chrono::seconds(now));
    }
    std::int64_t now = 1'790'000'000;
};

}  // namespace meridian::test
