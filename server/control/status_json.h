// Writes and reads how a server is as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>

#include "meridian/result.h"
#include "server/runtime/server_status.h"

namespace meridian::server {

/// The members of ServerStatus by their names, those of `load` beside the others. Points in time
/// are unix seconds, `age` is in seconds; members without a value are null. `queries` has the
/// counts of all, and in `by_transport` the same for each; `by_rcode` has the codes that Meridian
/// sends, and others once they were sent. `last_change` has `at`, `generation` and the members of
/// change_json.
boost::json::object status_json(const ServerStatus& status);

/// What a status says of the geo database; `now` is for its age.
boost::json::object database_json(const DatabaseStatus& database, std::int64_t now);
DatabaseStatus database_from_json(const boost::json::object& database);

/// The same back; members that are missing, say because the server has another version, are empty.
/// The error is in words.
Result<ServerStatus, std::string> status_from_json(const boost::json::object& object);

}  // namespace meridian::server
