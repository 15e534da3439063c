// Writes and reads the explanation of an answer as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "meridian/result.h"
#include "server/runtime/explanation.h"

namespace meridian::server {

/// What `meridian why --json` prints. What explains the steering stands there for names that are
/// steered; distances are in km with one decimal, since no geo database knows more than 100 m.
boost::json::object explanation_json(const Explanation& explanation);

/// The same back. The error is in words.
Result<Explanation, std::string> explanation_from_json(const boost::json::object& object);

}  // namespace meridian::server
