// Writes and reads what loads changed as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>

#include "server/runtime/load_change.h"

namespace meridian::server {

/// `added`, `changed`, `removed`: for each zone its `name` and `serial`, and where it was changed
/// the `previous_serial`. `database`: null, or `type` and `build_epoch` with the previous ones.
boost::json::object change_json(const LoadChange& change);
/// The same back; members that are missing are empty.
LoadChange change_from_json(const boost::json::object& object);

/// With `at` and `generation`; null where there was none.
boost::json::value last_change_json(const std::optional<LastChange>& change);
std::optional<LastChange> last_change_from_json(const boost::json::object& object);

}  // namespace meridian::server
