// Makes a JSON Schema of the rows that describe the keys of a file.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/schema_json.h"

#include <algorithm>
#include <boost/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "meridian/limits.h"
#include "meridian/zones/key_rows.h"
#include "meridian/zones/schema.h"
#include "server/commands/schema_words.h"
#include "server/runtime/settings.h"

namespace meridian::server {

namespace {

using boost::json::array;
using boost::json::object;
using zones::KeyRow;
using zones::Kind;
using zones::Status;
namespace schema = zones::schema;

constexpr std::string_view kDraft = "https://json-schema.org/draft/2020-12/schema";
constexpr std::string_view kRecordSet = "#/$defs/record_set";
constexpr std::string_view kOwner = "#/$defs/owner";

object type(std::string_view name) {
    return {{"type", name}};
}

object reference(std::string_view to) {
    return {{"$ref", to}};
}

/// Refuses everything.
object nothing() {
    return {{"not", object()}};
}

object requires_key(std::string_view key) {
    return {{"required", array{key}}};
}

object ranged(std::string_view name, const KeyRow& row) {
    object result = type(name);
    if (has_minimum(row)) { result["minimum"] = row.minimum; }
    if (has_maximum(row)) { result["maximum"] = row.maximum; }
    return result;
}

object text_like(std::string_view pattern) {
    return {{"type", "string"}, {"pattern", pattern}};
}

object any_of(array alternatives) {
    return {{"anyOf", std::move(alternatives)}};
}

/// One of `item`, or an array with at least one.
object one_or_several(const object& item, const KeyRow& row) {
    object several{{"type", "array"}, {"items", item}, {"minItems", 1}};
    const bool counted = row.kind == Kind::Texts || row.kind == Kind::Addresses;
    if (counted && has_maximum(row)) { several["maxItems"] = row.maximum; }
    return any_of({item, std::move(several)});
}

object address() {
    object result = type("string");
    result["anyOf"] = array{object{{"format", "ipv4"}}, object{{"format", "ipv6"}}};
    return result;
}

object choices(const KeyRow& row) {
    if (row.choices.empty()) { return type("string"); }
    return {{"enum", array(row.choices.begin(), row.choices.end())}};
}

/// "90s" or 90. A schema cannot compute the seconds of a text; it can refuse a text that is no
/// duration, or a number out of range.
object duration(const KeyRow& row) {
    const std::string units =
        row.kind == Kind::Duration ? "{0,12}(ms|s|m|h|d|w)$" : "{0,9}(s|m|h|d|w)$";
    const std::string count = row.minimum > 0 ? "^0*[1-9][0-9]" : "^0*[0-9]";
    KeyRow in_seconds = row;
    if (row.kind == Kind::Duration) {
        constexpr std::int64_t kMilliseconds = 1000;  // in a second
        in_seconds.minimum = (row.minimum + kMilliseconds - 1) / kMilliseconds;
        in_seconds.maximum = row.maximum / kMilliseconds;
    }
    object seconds = ranged("integer", in_seconds);
    if (!has_minimum(row)) { seconds["minimum"] = 0; }
    return any_of({text_like(count + units), std::move(seconds)});
}

object place() {
    return any_of({object{{"type", "array"},
                          {"prefixItems",
                           array{object{{"type", "number"}, {"minimum", -90}, {"maximum", 90}},
                                 object{{"type", "number"}, {"minimum", -180}, {"maximum", 180}}}},
                          {"items", false},
                          {"minItems", 2}},
                   type("string")});
}

object shape(const KeyRow& row);
object table(std::span<const KeyRow> rows);

object tables_by_name(const object& each, const KeyRow& row) {
    object result{{"type", "object"}, {"additionalProperties", each}};
    if (row.kind == Kind::NamedTables && has_maximum(row)) {
        result["maxProperties"] = row.maximum;
    }
    return result;
}

/// What may stand at the key, in a version that supports it.
object shape(const KeyRow& row) {
    switch (row.kind) {
        case Kind::Any:
            return {};
        case Kind::Boolean:
            return type("boolean");
        case Kind::Integer:
            return ranged("integer", row);
        case Kind::Integers:
            return one_or_several(ranged("integer", row), row);
        case Kind::Number:
            return ranged("number", row);
        case Kind::Text:
            return choices(row);
        case Kind::Texts:
            return one_or_several(type("string"), row);
        case Kind::Addresses:
            return one_or_several(address(), row);
        case Kind::IntegerOrText:
            return any_of({ranged("integer", row), choices(row)});
        case Kind::Duration:
        case Kind::Seconds:
        case Kind::Ttl:
            return duration(row);
        case Kind::Size:
            return any_of({text_like("^[0-9]+(B|KiB|MiB|GiB)$"), ranged("integer", row)});
        case Kind::Time:
            return {{"type", "string"}, {"format", "date-time"}};
        case Kind::Place:
            return place();
        case Kind::Records:
            return tables_by_name(reference(kOwner), row);
        case Kind::Table:
            return table(row.rows);
        case Kind::NamedTables:
            return tables_by_name(table(row.rows), row);
        case Kind::NamedValues:
            return tables_by_name(shape(row.rows.front()), row);
        case Kind::TableArray:
            return {{"type", "array"}, {"items", table(row.rows)}};
    }
    return {};
}

/// Puts the default where it is a value, else into the description.
void add_default(const KeyRow& row, object& result, std::string& description) {
    if (row.fallback.empty()) { return; }
    boost::system::error_code fault;
    boost::json::value value = boost::json::parse(row.fallback, fault);
    if (!fault) {
        result["default"] = std::move(value);
    } else {
        description += " Default: " + std::string(row.fallback) + ".";
    }
}

object described(const KeyRow& row) {
    object result{{"title", row.key}};
    std::string description(row.doc);
    if (row.status != Status::Works) {
        description = std::string(status_words(row.status)) + ". " + description;
        result["x-meridian-status"] =
            row.status == Status::NoEffectYet ? "no effect yet" : "not supported yet";
    }
    add_default(row, result, description);
    if (!description.empty()) { result["description"] = description; }
    for (auto& [key, value] : shape(row)) {
        result[key] = value;
    }
    if (row.status == Status::NotSupportedYet) {
        result["deprecated"] = true;  // editors strike such keys out
        result["not"] = object();
    }
    return result;
}

/// Which keys have to be there.
void add_required(std::span<const KeyRow> rows, object& result) {
    array always;
    array alternatives;
    for (const KeyRow& row : rows) {
        if (!row.required) { continue; }
        if (row.unless.empty()) {
            always.emplace_back(row.key);
        } else {
            alternatives.emplace_back(any_of({requires_key(row.key), requires_key(row.unless)}));
        }
    }
    if (!always.empty()) { result["required"] = std::move(always); }
    if (!alternatives.empty()) { result["allOf"] = std::move(alternatives); }
}

object properties(std::span<const KeyRow> rows) {
    object result;
    for (const KeyRow& row : rows) {
        result[row.key] = described(row);
    }
    return result;
}

object table(std::span<const KeyRow> rows) {
    object result{
        {"type", "object"}, {"properties", properties(rows)}, {"additionalProperties", false}};
    add_required(rows, result);
    return result;
}

/// The records of one type at a name.
object record_set() {
    object braces = table(schema::record_set_keys());
    braces["oneOf"] = array{requires_key("data"), requires_key("rdata")};
    return {{"description", "One record, several, or { ttl = ..., data = ... }."},
            {"anyOf", array{type("string"),
                            object{{"type", "array"},
                                   {"items", type("string")},
                                   {"minItems", 1},
                                   {"maxItems", kMaxRecordsPerSet}},
                            std::move(braces)}}};
}

/// What stands under a name: keys of its own, and types.
object owner() {
    object result = table(schema::owner_keys());
    object& keys = result["properties"].as_object();
    for (const std::string& name : schema::record_types()) {
        keys[name] = name == "soa" ? nothing() : reference(kRecordSet);
    }
    keys["soa"].as_object()["description"] =
        "The SOA record follows from `soa`, `contact` and `nameservers`.";
    // A TTL alone is no record, and neither is nothing at all.
    result["not"] = object{{"propertyNames", object{{"const", "ttl"}}}};
    // By number (RFC 3597 §5): neither SOA, nor OPT and the range of types for questions, nor
    // beyond 16 bits.
    result["patternProperties"] =
        object{{"^type[0-9]{1,5}$", reference(kRecordSet)},
               {"^type0*(0|6|41|12[89]|1[3-9][0-9]|2[0-4][0-9]|25[0-5])$", nothing()},
               {"^type(6553[6-9]|655[4-9][0-9]|65[6-9][0-9]{2}|6[6-9][0-9]{3}|[7-9][0-9]{4})$",
                nothing()}};
    return result;
}

object file_schema(std::string_view title, std::string_view description,
                   std::span<const KeyRow> rows) {
    object result{{"$schema", kDraft}, {"title", title}, {"description", description}};
    for (auto& [key, value] : table(rows)) {
        result[key] = value;
    }
    return result;
}

/// Without `zone` a file is a library: it has a table to share, and not every key may stand there.
void allow_libraries(std::span<const KeyRow> rows, object& result) {
    object in_zone;
    add_required(rows, in_zone);
    result.erase("required");
    result.erase("allOf");
    object refused;
    array shared;
    for (const KeyRow& row : rows) {
        if (row.in_library) {
            shared.push_back(requires_key(row.key));
        } else if (row.key != "zone") {
            refused[row.key] = false;
        }
    }
    result["if"] = requires_key("zone");
    result["then"] = std::move(in_zone);
    result["else"] = object{{"properties", std::move(refused)}, {"anyOf", std::move(shared)}};
}

void append(const boost::json::value& value, std::size_t level, std::string& text);

/// Expects at least one entry.
template <typename Entries, typename Append>
void append_entries(const Entries& entries, std::size_t level, std::string& text, Append each) {
    std::string_view before = "\n";
    for (const auto& entry : entries) {
        text += before;
        text.append(2 * (level + 1), ' ');
        each(entry);
        before = ",\n";
    }
    text += '\n';
    text.append(2 * level, ' ');
}

void append(const boost::json::value& value, std::size_t level, std::string& text) {
    if (value.is_object() && !value.get_object().empty()) {
        text += '{';
        append_entries(value.get_object(), level, text, [&](const auto& entry) {
            text += boost::json::serialize(entry.key()) + ": ";
            append(entry.value(), level + 1, text);
        });
        text += '}';
    } else if (value.is_array() && !value.get_array().empty()) {
        text += '[';
        append_entries(value.get_array(), level, text,
                       [&](const auto& entry) { append(entry, level + 1, text); });
        text += ']';
    } else {
        text += boost::json::serialize(value);
    }
}

}  // namespace

boost::json::object zone_file_schema() {
    const std::span<const KeyRow> rows = schema::zone_keys();
    object result = file_schema(
        "Meridian zone file",
        "A zone, or with other zones a library, of the DNS server Meridian. `meridian check` knows "
        "more than this schema: names, addresses, records, and how they go together.",
        rows);
    const auto use = std::ranges::find(rows, "use", &KeyRow::key);
    if (use != rows.end() && use->status == Status::Works) { allow_libraries(rows, result); }
    result["$defs"] = object{{"owner", owner()}, {"record_set", record_set()}};
    return result;
}

boost::json::object settings_file_schema() {
    return file_schema("meridian.toml", "The configuration of the DNS server Meridian.",
                       settings_keys());
}

std::string indented(const boost::json::value& value) {
    std::string text;
    append(value, 0, text);
    text += '\n';
    return text;
}

}  // namespace meridian::server
