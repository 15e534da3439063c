// Reads members of JSON objects that another version of this program may have written.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace meridian::server {

/// What is missing, null or of another kind reads as nothing: empty, 0, false.
inline std::string text_in(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) { return {}; }
    return {value->get_string().data(), value->get_string().size()};
}

template <typename Number>
Number number_in(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    if (value == nullptr) { return 0; }
    boost::system::error_code error;
    const auto number = value->to_number<Number>(error);
    return error ? Number{0} : number;
}

inline bool flag_in(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    return value != nullptr && value->is_bool() && value->get_bool();
}

inline boost::json::object object_in(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    return value != nullptr && value->is_object() ? value->get_object() : boost::json::object{};
}

inline boost::json::array array_in(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    return value != nullptr && value->is_array() ? value->get_array() : boost::json::array{};
}

/// The way back: an empty text is null.
inline boost::json::value text_or_null(std::string_view text) {
    if (text.empty()) { return nullptr; }
    return boost::json::string(text);
}

}  // namespace meridian::server
