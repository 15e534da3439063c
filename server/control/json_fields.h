// Reads and writes JSON objects that another version of this program may have written or may read.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "server/runtime/log_text.h"

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

/// Of an array, those that are texts.
inline std::vector<std::string> texts_in(const boost::json::object& object, std::string_view key) {
    std::vector<std::string> texts;
    for (const boost::json::value& text : array_in(object, key)) {
        if (text.is_string()) { texts.emplace_back(text.get_string()); }
    }
    return texts;
}

inline boost::json::array texts_json(const std::vector<std::string>& texts) {
    return boost::json::array(texts.begin(), texts.end());
}

/// On one line, as UTF-8 and without control characters, be they C1 or in a file's name: whoever
/// sends or prints it sends one line and steers no terminal. Those in strings are escaped.
inline std::string json_line(const boost::json::value& value) {
    return printable(boost::json::serialize(value));
}

/// The way back: an empty text is null.
inline boost::json::value text_or_null(std::string_view text) {
    if (text.empty()) { return nullptr; }
    return boost::json::string(text);
}

}  // namespace meridian::server
