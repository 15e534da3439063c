// Handles the signals of the server, and ends it on a signal that asks for that.
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

/// Blocks the signals that the server takes one by one, and ignores others that would end it
/// without a log line: a timer of another program, a reader that went away, a file that is too
/// large. SIGKILL, SIGSTOP and those of faults (SIGSEGV, SIGABRT) do what they always do. Threads
/// inherit this, so it is called before the first thread starts.
void prepare_signals();

/// Waits for one of the blocked signals. For the main thread.
int take_signal();

/// Whether it asks the server to stop: SIGTERM, SIGINT, SIGQUIT, or SIGXCPU, which says that the
/// limit of CPU time is near.
bool asks_to_stop(int signal);
std::string signal_name(int signal);

/// Ends the process on a second signal that asks to stop, or after `deadline`, even during a reload
/// of a huge zone, or if the log cannot be written because its reader has stopped.
void start_last_resort(std::chrono::milliseconds deadline);

/// While it lives, a signal that asks to stop ends the process at once, with a log line. For the
/// first load, which may take long and leaves nothing to finish.
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
