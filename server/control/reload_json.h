// Writes and reads the outcome of a reload and its diagnostics as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>

#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"
#include "server/runtime/server_status.h"

namespace meridian::server {

/// Members without a value are null.
boost::json::object diagnostic_json(const zones::Diagnostic& diagnostic);
boost::json::array diagnostics_json(const zones::Diagnostics& diagnostics);

/// `result`, `generation`, `milliseconds`, `diagnostics`, the members of change_json,
/// `needs_restart`.
boost::json::object reload_json(const ReloadOutcome& outcome);

/// The same back, without the codes of diagnostics. The error is in words.
Result<ReloadOutcome, std::string> reload_from_json(const boost::json::object& object);

}  // namespace meridian::server
