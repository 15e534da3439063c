// Describes the keys that may stand in a TOML table: one row a key, from which it is checked.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/toml_document.h"

namespace meridian::zones {

/// What stands at a key.
enum class Kind : std::uint8_t {
    Any,  ///< Read by code of its own.
    Boolean,
    Integer,        ///< Between `minimum` and `maximum`.
    Integers,       ///< Such an integer, or an array of them, at least one.
    Number,         ///< Integer or float, finite, between `minimum` and `maximum`.
    Text,           ///< One of `choices` where there are any.
    Texts,          ///< A string or an array of strings, at least one.
    Addresses,      ///< The same, of IP addresses; read by code of its own, that they are at most
                    ///< `maximum` included.
    IntegerOrText,  ///< An integer in the range, or one of `choices`.
    Duration,       ///< "500ms" "30s" "5m" "1h" "1d" "2w", or whole seconds; range in
                    ///< milliseconds.
    Seconds,        ///< The same without "ms"; range in seconds.
    Ttl,            ///< The same, as caches count (RFC 2181 §8).
    Size,           ///< "8MiB" "64KiB" "1GiB", or whole octets.
    Time,           ///< A date with a time.
    Place,          ///< [latitude, longitude], "FRA", "Frankfurt, DE"; read by code of its own.
    Records,        ///< Names, under them types and the keys `rows`; read by code of its own.
    Table,          ///< With the keys `rows`.
    NamedTables,    ///< A table of tables that the operator names, each with the keys `rows`. That
                    ///< they are at most `maximum` is seen to by code of its own.
    NamedValues,    ///< A table of keys that the operator names, each holding what `rows[0]` says.
    TableArray,     ///< `[[...]]`, each with the keys `rows`.
};

enum class Status : std::uint8_t {
    Works,
    NoEffectYet,      ///< Accepted and checked; a warning says so at start.
    NotSupportedYet,  ///< Refused in these words.
};

/// One key of one table. Reader, range check, reference page and JSON Schema come from it.
struct KeyRow {
    std::string_view key;
    Kind kind = Kind::Any;
    std::string_view fallback = {};  ///< The default: a value of TOML that is one of JSON as well,
                                     ///< or words; empty when there is none.
    std::string_view doc = {};       ///< A sentence or two.
    Status status = Status::Works;
    std::int64_t minimum = std::numeric_limits<std::int64_t>::min();
    std::int64_t maximum = std::numeric_limits<std::int64_t>::max();
    std::span<const std::string_view> choices = {};
    std::span<const KeyRow> rows = {};
    bool required = false;
    std::string_view unless = {};  ///< A key beside which this one is not required.
    bool in_library = false;       ///< At the top of a file: whether a library may have it.
};

/// Reports every key of `table`, and of the tables below it, that has no row (with the nearest
/// spelling), is not supported yet, or has a value of another kind or out of range. Reports
/// required keys that are missing. `path` is the table's own key, empty for the file's top;
/// `table_at` is where a missing key is reported.
void check_keys(const TomlTable& table, std::span<const KeyRow> rows, std::string_view path,
                TextPosition table_at, Findings& findings);

/// The same for one key, which may have no row. `path` as above.
void check_entry(const TomlEntry& entry, std::span<const KeyRow> rows, std::string_view path,
                 Findings& findings);

/// The same for a key whose row is known.
void check_key(const TomlEntry& entry, const KeyRow& row, std::string_view path,
               Findings& findings);

/// "500ms", "30s", "5m", "1h", "1d", "2w", or whole seconds.
std::optional<std::chrono::milliseconds> duration_of(const TomlValue& value);
/// The same without "ms".
std::optional<std::int64_t> seconds_of(const TomlValue& value);
/// Those at `key`; `fallback` where there are none that make sense.
std::uint32_t seconds_at(const TomlTable& table, std::string_view key, std::uint32_t fallback);
/// Whether there is no value at `key`, or one from a second to the longest TTL. Any other value was
/// reported; rules about the fallback that stands in its place would report what is not so.
bool is_sound_duration(const TomlTable& table, std::string_view key);
/// "8MiB", or whole octets.
std::optional<std::int64_t> octets_of(const TomlValue& value);

}  // namespace meridian::zones
