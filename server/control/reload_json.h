// Writes and reads what a reload came to, and the diagnostics in it, as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>

#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"
#include "server/runtime/server_status.h"

namespace meridian::server {

/// What a diagnostic has nothing to say of is null.
boost::json::object diagnostic_json(const zones::Diagnostic& diagnostic);
boost::json::array diagnostics_json(const zones::Diagnostics& diagnostics);

/// `result`, `generation`, `milliseconds`, `diagnostics`, the members of change_json,
/// `needs_restart`.
boost::json::object reload_json(const ReloadOutcome& outcome);

/// The same back, without the codes of diagnostics. The error is in words.
Result<ReloadOutcome, std::string> reload_from_json(const boost::json::object& object);

}  // namespace meridian::server
