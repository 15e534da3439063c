// Runs work of a thread on idle cores, and at low priority if there are none.
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

/// A thread under SCHED_IDLE gives up its core at once when another thread wants it. A nice thread
/// stays on it until the next tick of the clock, up to 4 ms at 250 ticks a second. But beside busy
/// threads, SCHED_IDLE gets a thousandth of the core. So a second thread watches the progress: if
/// there is too little, the work continues in the ordinary class, at kNiceness, with a tenth.
///
/// Not every process may leave SCHED_IDLE (setrlimit(2), RLIMIT_NICE). A process that may not leave
/// it never enters it.
class Background {
public:
    static constexpr int kNiceness = 10;

    Background();
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// Preserves the right to leave SCHED_IDLE, for a root process that is about to become a user.
    static void keep_way_back();

    /// Gives the calling thread at least kNiceness. Threads that it starts later inherit it.
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
