// Reads and writes JSON objects that another version of this program may have written or may read.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::server {

// These return empty, 0 or false where the member is missing, null or of another kind.

std::string text_in(const boost::json::object& object, std::string_view key);
bool flag_in(const boost::json::object& object, std::string_view key);
boost::json::object object_in(const boost::json::object& object, std::string_view key);
boost::json::array array_in(const boost::json::object& object, std::string_view key);
/// The texts in an array.
std::vector<std::string> texts_in(const boost::json::object& object, std::string_view key);

template <typename Number>
Number number_in(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    if (value == nullptr) { return 0; }
    boost::system::error_code error;
    const auto number = value->to_number<Number>(error);
    return error ? Number{0} : number;
}

boost::json::array texts_json(const std::vector<std::string>& texts);

/// Null where the text is empty.
boost::json::value text_or_null(std::string_view text);

/// One line of UTF-8 without control characters (C0, C1), also where a file's name has them: it can
/// be sent as a line and printed on a terminal. Those in strings are escaped.
std::string json_line(const boost::json::value& value);

}  // namespace meridian::server
