// Says in words what may stand at a key, for the reference page and the JSON Schema alike.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/schema_words.h"

#include <array>
#include <limits>
#include <utility>

namespace meridian::server {

namespace {

using zones::KeyRow;
using zones::Kind;
using Limits = std::numeric_limits<std::int64_t>;

/// ", 1 to 64 s", ", at least 1", ", at most 9"
std::string range_words(const KeyRow& row, std::string_view unit = "") {
    std::string words;
    if (has_minimum(row) && has_maximum(row)) {
        words = ", " + std::to_string(row.minimum) + " to " + std::to_string(row.maximum);
    } else if (has_minimum(row)) {
        words = ", at least " + std::to_string(row.minimum);
    } else if (has_maximum(row)) {
        words = ", at most " + std::to_string(row.maximum);
    }
    return words.empty() || unit.empty() ? words : words + " " + std::string(unit);
}

/// "500 ms", "1 h"
std::string milliseconds_words(std::int64_t count) {
    constexpr std::array kUnits{std::pair(std::int64_t{3'600'000}, " h"),
                                std::pair(std::int64_t{60'000}, " min"),
                                std::pair(std::int64_t{1000}, " s")};
    for (const auto& [milliseconds, unit] : kUnits) {
        if (count > 0 && count % milliseconds == 0) {
            return std::to_string(count / milliseconds) + unit;
        }
    }
    return std::to_string(count) + " ms";
}

/// `"a"`, `"b"` or `"c"`
std::string choice_words(std::span<const std::string_view> choices) {
    std::string words;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (i > 0) { words += i + 1 == choices.size() ? " or " : ", "; }
        words += "`\"" + std::string(choices[i]) + "\"`";
    }
    return words;
}

}  // namespace

bool has_minimum(const KeyRow& row) {
    return row.minimum != Limits::min();
}

bool has_maximum(const KeyRow& row) {
    return row.maximum != Limits::max();
}

std::string value_words(const KeyRow& row) {
    switch (row.kind) {
        case Kind::Any:
            return "a value";
        case Kind::Boolean:
            return "`true` or `false`";
        case Kind::Integer:
            return "whole number" + range_words(row);
        case Kind::Integers:
            return "whole number or several" + range_words(row);
        case Kind::Number:
            return "number" + range_words(row);
        case Kind::Text:
            return row.choices.empty() ? "text" : choice_words(row.choices);
        case Kind::Texts:
            return "text or several";
        case Kind::Addresses:
            return "IP address or several" + range_words(row);
        case Kind::IntegerOrText:
            return "whole number" + range_words(row) + ", or " + choice_words(row.choices);
        case Kind::Duration:
            return "duration, " + milliseconds_words(row.minimum) + " to " +
                   milliseconds_words(row.maximum);
        case Kind::Seconds:
            return "duration" + range_words(row, "s");
        case Kind::Ttl:
            return "TTL" + range_words(row, "s");
        case Kind::Size:
            return "size" + range_words(row, "octets");
        case Kind::Time:
            return "date and time";
        case Kind::Place:
            return "coordinates, IATA code or city";
        case Kind::Records:
            return "table of names";
        case Kind::Table:
            return "table";
        case Kind::NamedTables:
            return "tables with names" + range_words(row);
        case Kind::NamedValues:
            return "for each " + std::string(row.rows.front().key) + ": " +
                   value_words(row.rows.front());
        case Kind::TableArray:
            return "array of tables";
    }
    return "a value";
}

std::string_view status_words(zones::Status status) {
    switch (status) {
        case zones::Status::Works:
            return "";
        case zones::Status::NoEffectYet:
            return "No effect yet";
        case zones::Status::NotSupportedYet:
            return "Not supported yet";
    }
    return "";
}

}  // namespace meridian::server
