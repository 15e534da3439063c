// Makes a JSON Schema of the rows that describe the keys of a file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

namespace meridian::server {

/// The JSON Schema (draft 2020-12) of zone files. Like the reader it refuses keys that are unknown,
/// missing or of a later version, and values of another kind or out of their range. `meridian
/// check` finds the errors that take the whole file or the rules of the DNS.
boost::json::object zone_file_schema();

/// The same of meridian.toml.
boost::json::object settings_file_schema();

/// With line breaks, two spaces a level, and one at the end.
std::string indented(const boost::json::value& value);

}  // namespace meridian::server
