// Tells systemd, or whoever started the server with $NOTIFY_SOCKET, how the server is.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/service_manager.h"

#include <systemd/sd-daemon.h>

#include <string>

namespace meridian::server {

namespace {

// The socket stays in the environment: every reload has something to tell.
void tell(const std::string& message) {
    [[maybe_unused]] const int outcome = sd_notify(0, message.c_str());
}

}  // namespace

void tell_manager_ready(const zones::SnapshotInfo& info) {
    tell("READY=1\nSTATUS=" + std::to_string(info.zone_count) +
         (info.zone_count == 1 ? " zone" : " zones") + ", generation " +
         std::to_string(info.generation));
}

void tell_manager_reloading(std::chrono::steady_clock::time_point now) {
    // libstdc++'s steady clock is CLOCK_MONOTONIC, by which systemd tells this reload from another.
    const auto since_boot =
        std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
    tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(since_boot.count()) +
         "\nSTATUS=reloading");
}

void tell_manager_stopping() {
    tell("STOPPING=1\nSTATUS=stopping");
}

}  // namespace meridian::server
