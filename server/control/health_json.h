// Writes and reads the health of services as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>

#include "server/health/health_status.h"

namespace meridian::server {

/// `overrides`: override_json, each with `matches_nothing`; `targets`: how many are checked;
/// `blind`: families; `regions`: for each its `service`, `region` and `file`, `ipv4` and `ipv6`
/// with `state` and `since` (null where it lacks the family), and its `addresses`, each with
/// `state`, `reason`, `since`, `last`, `successes` and `failures` in a row, `hold_until`, `stale`.
/// Points in time are unix seconds.
boost::json::object health_json(const HealthStatus& status);
/// The same back; members that are missing are empty.
HealthStatus health_from_json(const boost::json::object& object);

}  // namespace meridian::server
