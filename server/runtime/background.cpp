// Has a thread work while others leave it a core, for as long as it gets on that way.
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

// What the ordinary class would give where all cores are taken: a tenth.
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

/// The work, and threads that it has started meanwhile.
void raise_all() {
    try {
        std::error_code error;
        std::filesystem::directory_iterator threads("/proc/self/task", error);
        for (; !error && threads != std::filesystem::end(threads); threads.increment(error)) {
            const pid_t thread = std::atoi(threads->path().filename().c_str());
            if (sched_getscheduler(thread) == SCHED_IDLE) { change_class(thread, SCHED_OTHER); }
        }
    } catch (const std::bad_alloc&) {  // the work has it all; the next look comes soon
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
    // Linux counts niceness by thread: 0 is the calling one. Where it is forbidden, the work is as
    // urgent as answers.
    const int niceness = std::max(getpriority(PRIO_PROCESS, 0), kNiceness);
    [[maybe_unused]] const int outcome = setpriority(PRIO_PROCESS, 0, niceness);
}

Background::Background() {
    // There is no asking whether a thread may come back; one that cannot is let go.
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

// Neither holds the lock while it may be starved: the watcher needs it.
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
