// Writes and reads overrides, and what came of a request for one, as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>

#include "meridian/result.h"
#include "server/health/override_request.h"

namespace meridian::server {

/// `target`, `kind`, `since` and `until` in unix seconds (0: until it is released), `author`,
/// `reason`, and `file` and `line` where it stands in a file.
boost::json::object override_json(const Override& entry);
/// The same back; an unknown kind is a drain, and a target that cannot be read one of all regions.
Override override_from_json(const boost::json::object& object);

/// `result`, `problem`, `begun`, `ended`, `in_files`, `regions` with `region`, `file`, `services`,
/// `service_count`, `before`, `after`, `drained_in_file` and `drained_line`, `stranded`, `shares`
/// of the IPv4 space, `save_problem`.
boost::json::object override_outcome_json(const OverrideOutcome& outcome);
/// The same back. The error is in words.
Result<OverrideOutcome, std::string> override_outcome_from_json(const boost::json::object& object);

}  // namespace meridian::server
