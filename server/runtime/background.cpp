// Runs work of a thread on idle cores, and at low priority if there are none.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/background.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <new>
#include <system_error>

namespace meridian::server {

namespace {

using namespace std::chrono_literals;

// A tenth: what the ordinary class gives if all cores are busy.
constexpr auto kLookEvery = 200ms;
constexpr auto kLeastProgress = kLookEvery / 10;

bool change_class(pid_t thread, int policy) {
    const sched_param none{};
    return sched_setscheduler(thread, policy, &none) == 0;
}

std::chrono::nanoseconds read_clock(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// Raises the working thread, and threads that it has started meanwhile.
void raise_all() {
    try {
        std::error_code error;
        std::filesystem::directory_iterator threads("/proc/self/task", error);
        for (; !error && threads != std::filesystem::end(threads); threads.increment(error)) {
            const pid_t thread = std::atoi(threads->path().filename().c_str());
            if (sched_getscheduler(thread) == SCHED_IDLE) { change_class(thread, SCHED_OTHER); }
        }
    } catch (const std::bad_alloc&) {
        return;  // the next look comes soon
    }
}

}  // namespace

void Background::keep_way_back() {
    constexpr rlim_t kWanted = 20 - kNiceness;  // in this limit, 20 is niceness 0
    rlimit limit{};
    if (getrlimit(RLIMIT_NICE, &limit) != 0) { return; }
    limit.rlim_max = std::max(limit.rlim_max, kWanted);
    limit.rlim_cur = std::max(limit.rlim_cur, kWanted);
    setrlimit(RLIMIT_NICE, &limit);
}

void Background::be_nice() {
    // Linux counts niceness by thread: 0 is the calling one. If this is forbidden, the work has the
    // priority of answers.
    const int niceness = std::max(getpriority(PRIO_PROCESS, 0), kNiceness);
    [[maybe_unused]] const int outcome = setpriority(PRIO_PROCESS, 0, niceness);
}

Background::Background() {
    // Only a try shows whether a thread may leave SCHED_IDLE. A thread that cannot leave it ends.
    std::thread([this] {
        be_nice();
        may_return_ = sched_getscheduler(0) == SCHED_OTHER && change_class(0, SCHED_IDLE) &&
                      change_class(0, SCHED_OTHER);
    }).join();
    if (may_return_) {
        watcher_ = std::thread([this] { watch(); });
    }
}

Background::~Background() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    if (watcher_.joinable()) { watcher_.join(); }
}

// Neither has the lock while its thread is under SCHED_IDLE: the watcher needs the lock.
void Background::begin() {
    if (!may_return_) { return; }
    {
        const std::lock_guard lock(mutex_);
        is_working_ = true;
        ++work_count_;
        pthread_getcpuclockid(pthread_self(), &used_time_);
    }
    changed_.notify_one();
    change_class(0, SCHED_IDLE);
}

void Background::end() {
    if (!may_return_) { return; }
    change_class(0, SCHED_OTHER);
    const std::lock_guard lock(mutex_);
    is_working_ = false;
}

void Background::watch() {
    pthread_setname_np(pthread_self(), "meridian-look");
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (!is_working_) {
            changed_.wait(lock);
            continue;
        }
        const auto number = work_count_;
        const auto before = read_clock(used_time_);
        changed_.wait_for(lock, kLookEvery, [this] { return stopping_; });
        const bool gets_on = read_clock(used_time_) - before >= kLeastProgress;
        if (is_working_ && number == work_count_ && !gets_on) { raise_all(); }
    }
}

}  // namespace meridian::server
