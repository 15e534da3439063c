// Finds out which services do not simply answer from regions that are up.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <span>

#include "meridian/zones/live_table.h"
#include "server/health/health_plan.h"
#include "server/health/health_status.h"

namespace meridian::server {

/// Adds the alarms of a service whose regions have these states.
void add_alarms(const PlannedService& service, std::span<const zones::LiveChange> states,
                std::set<ServiceAlarm>& alarms);

}  // namespace meridian::server
