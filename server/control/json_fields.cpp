// Reads and writes JSON objects that another version of this program may have written or may read.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/json_fields.h"

#include "meridian/terminal_text.h"

namespace meridian::server {

std::string text_in(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) { return {}; }
    return {value->get_string().data(), value->get_string().size()};
}

bool flag_in(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    return value != nullptr && value->is_bool() && value->get_bool();
}

boost::json::object object_in(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    return value != nullptr && value->is_object() ? value->get_object() : boost::json::object{};
}

boost::json::array array_in(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    return value != nullptr && value->is_array() ? value->get_array() : boost::json::array{};
}

std::vector<std::string> texts_in(const boost::json::object& object, std::string_view key) {
    std::vector<std::string> texts;
    for (const boost::json::value& text : array_in(object, key)) {
        if (text.is_string()) { texts.emplace_back(text.get_string()); }
    }
    return texts;
}

boost::json::array texts_json(const std::vector<std::string>& texts) {
    return boost::json::array(texts.begin(), texts.end());
}

boost::json::value text_or_null(std::string_view text) {
    if (text.empty()) { return nullptr; }
    return boost::json::string(text);
}

std::string json_line(const boost::json::value& value) {
    return terminal_text(boost::json::serialize(value));
}

}  // namespace meridian::server
