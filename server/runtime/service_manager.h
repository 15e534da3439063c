// Reports the state of the server to systemd, or to another manager that sets $NOTIFY_SOCKET.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "meridian/zones/snapshot.h"

namespace meridian::server {

// sd_notify(3), for a unit of Type=notify. Any thread. Without $NOTIFY_SOCKET these do nothing.
// They never fail: the server also serves without a manager that listens.

/// Reports that queries are answered from that snapshot: after the start and each reload.
void notify_manager_ready(const zones::Snapshot& served);

/// Reports that a reload has begun, at `now` by the steady clock. `notify_manager_ready` reports
/// its end, also after a failure.
void notify_manager_reloading(std::chrono::steady_clock::time_point now);

void notify_manager_stopping();

}  // namespace meridian::server
