// Logs what operators set by hand, when it begins and when it ends.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server/health/health_monitor.h"
#include "server/health/overrides.h"
#include "server/runtime/log.h"

namespace meridian::server {

void log_override(const Override& entry, OverrideTurn turn, Log& log);

}  // namespace meridian::server
