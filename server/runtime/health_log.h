// Logs what becomes of the health of regions and addresses, and what operators set by hand.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "server/health/health_monitor.h"
#include "server/health/health_status.h"
#include "server/health/overrides.h"
#include "server/runtime/log.h"

namespace meridian::server {

void log_turn(const RegionTurn& turn, Log& log);

/// A few of them, since a rack may fail with thousands.
void log_addresses(const std::vector<AddressTurn>& turns, Log& log);

/// This server became blind in a family, or can see again.
void log_problem(const std::string& problem, bool is_over, Log& log);
void log_sight(const std::string& family, bool is_blind, Log& log);

/// The kernel came to have no route to any address of the family that is checked, or has one again.
void log_reach(const std::string& family, bool is_reached, Log& log);

/// A problem is a warning.
void log_alarm(const ServiceAlarm& alarm, bool begins, Log& log);
/// The kernel says that the clock is synchronised, or that it is not.
void log_clock(bool is_trusted, Log& log);

/// `author` is who began or ended it.
void log_override(const Override& entry, OverrideTurn turn, const std::string& author, Log& log);

/// Regions that fell and waited for it come back.
void log_release(const OverrideTarget& target, const std::string& author, Log& log);

}  // namespace meridian::server
