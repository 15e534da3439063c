// Tells systemd, or whoever started the server with $NOTIFY_SOCKET, how the server is.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "meridian/zones/snapshot.h"

namespace meridian::server {

// sd_notify(3), for a unit of Type=notify. Any thread. Without $NOTIFY_SOCKET these do nothing; a
// manager that does not listen is no reason to serve less, so nothing here fails.

/// Queries are answered, with what `info` tells of: after the start, and after each reload.
void tell_manager_ready(const zones::SnapshotInfo& info);

/// A reload has begun, at `now` by the steady clock. `tell_manager_ready` ends it, however it went.
void tell_manager_reloading(std::chrono::steady_clock::time_point now);

void tell_manager_stopping();

}  // namespace meridian::server
