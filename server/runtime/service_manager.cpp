// Reports the state of the server to systemd, or to another manager that sets $NOTIFY_SOCKET.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/service_manager.h"

#include <systemd/sd-daemon.h>

#include <string>

namespace meridian::server {

namespace {

// The socket stays in the environment, since every reload sends a report.
void report(const std::string& message) {
    [[maybe_unused]] const int outcome = sd_notify(0, message.c_str());
}

}  // namespace

void notify_manager_ready(const zones::Snapshot& served) {
    report("READY=1\nSTATUS=" + std::to_string(served.zone_count()) +
           (served.zone_count() == 1 ? " zone" : " zones") + ", generation " +
           std::to_string(served.generation()));
}

void notify_manager_reloading(std::chrono::steady_clock::time_point now) {
    // libstdc++'s steady clock is CLOCK_MONOTONIC, which systemd uses to tell reloads apart.
    const auto since_boot =
        std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
    report("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(since_boot.count()) +
           "\nSTATUS=reloading");
}

void notify_manager_stopping() {
    report("STOPPING=1\nSTATUS=stopping");
}

}  // namespace meridian::server
