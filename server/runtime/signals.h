// Says what each signal does to the server, and ends it when one asks for that.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "meridian/file_descriptor.h"

namespace meridian::server {

class Log;

/// Blocks those that the server takes one by one, and ignores the others that would end it without
/// a word: a timer that somebody set, a reader that went away, a file that has become too large.
/// SIGKILL, SIGSTOP and those of faults (SIGSEGV, SIGABRT) do what they always do. Threads inherit
/// this, so it comes before the first of them.
void prepare_signals();

/// Waits for one of those that are blocked. For the main thread.
int take_signal();

/// Whether it asks the server to stop: SIGTERM, SIGINT, SIGQUIT, or SIGXCPU, which says that the
/// limit of CPU time is near.
bool asks_to_stop(int signal);
std::string signal_name(int signal);

/// Ends the process on a second signal that asks to stop, or after `deadline`: a reload of a huge
/// zone or a log that nobody reads must not keep it alive.
void start_last_resort(std::chrono::milliseconds deadline);

/// While it lives, a signal that asks to stop ends the process: during the first load, which takes
/// what it takes, and leaves nothing to finish. A line in the log tells of it.
class StopWhileLoading {
public:
    explicit StopWhileLoading(Log& log);
    ~StopWhileLoading();
    StopWhileLoading(const StopWhileLoading&) = delete;
    StopWhileLoading& operator=(const StopWhileLoading&) = delete;

private:
    void watch();

    Log& log_;
    FileDescriptor signals_;
    FileDescriptor end_;
    std::thread thread_;
};

}  // namespace meridian::server
