// Has a thread work while others leave it a core, for as long as it gets on that way.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>  // clockid_t

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace meridian::server {

/// Who works under SCHED_IDLE gives up the core at once when another wants it, where a nice thread
/// keeps it until the next tick of the clock: 4 ms where there are 250 a second. But beside threads
/// that never rest it gets a thousandth of the core. So a thread of its own looks on, and where the
/// work does not get on it goes on in the ordinary class, at kNiceness, with a tenth.
///
/// Not every process may leave SCHED_IDLE (setrlimit(2), RLIMIT_NICE); one that may not never
/// enters it.
class Background {
public:
    static constexpr int kNiceness = 10;

    Background();
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// Keeps the right to come back, for a process that is root and about to become a user.
    static void keep_way_back();

    /// Gives the calling thread kNiceness where it has less, and with it those that it starts from
    /// here on.
    static void be_nice();

    /// The calling thread works in the background until the end of the guard. One guard at a time.
    class Work {
    public:
        explicit Work(Background& background) : background_(background) { background_.begin(); }
        ~Work() { background_.end(); }
        Work(const Work&) = delete;
        Work& operator=(const Work&) = delete;

    private:
        Background& background_;
    };

private:
    void begin();
    void end();
    void watch();

    std::mutex mutex_;
    std::condition_variable changed_;
    bool may_return_ = false;
    bool stopping_ = false;
    bool is_working_ = false;
    std::uint64_t work_count_ = 0;  ///< Begun so far.
    clockid_t used_time_{};         ///< Of the processor, by the thread that works.
    std::thread watcher_;
};

}  // namespace meridian::server
