// Notices that the event loop of the checks ran late: the process stopped, or the machine slept.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/loop_watch.h"

#include <time.h>

namespace meridian::server {

namespace {

constexpr std::chrono::milliseconds kBeat{100};

/// Unlike the steady clock, it goes on while the machine sleeps.
std::chrono::nanoseconds boot_time() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

void LoopWatch::hold() {
    if (held_++ > 0) { return; }
    beaten_ = boot_time();
    beat();
}

void LoopWatch::release() {
    if (--held_ == 0) { timer_.cancel(); }
}

bool LoopWatch::was_late_since(TimePoint began) const {
    return last_late_ >= began || boot_time() - beaten_ > kBeat + kLateProbe;
}

void LoopWatch::beat() {
    timer_.expires_after(kBeat);
    // One that has expired is called even when the watch is gone.
    timer_.async_wait(
        [this, self = std::weak_ptr(self_)](const boost::system::error_code& stopped) {
            if (stopped || self.expired() || held_ == 0) { return; }
            const std::chrono::nanoseconds now = boot_time();
            if (now - beaten_ > kBeat + kLateProbe) {
                last_late_ = std::chrono::steady_clock::now();
            }
            beaten_ = now;
            beat();
        });
}

}  // namespace meridian::server
