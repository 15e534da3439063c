// Reads durations and sizes, and says what was meant by values that are none.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/keys/quantities.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "meridian/dns/wire/ascii_case.h"
#include "meridian/limits.h"
#include "zones/language/toml/toml_words.h"

namespace meridian::zones {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t factor;
};
constexpr std::array kDurationUnits{Unit{"ms", 1},         Unit{"s", 1000},
                                    Unit{"m", 60'000},     Unit{"h", 3'600'000},
                                    Unit{"d", 86'400'000}, Unit{"w", 604'800'000}};
constexpr std::array kSizeUnits{Unit{"B", 1}, Unit{"KiB", 1 << 10}, Unit{"MiB", 1 << 20},
                                Unit{"GiB", 1 << 30}};

/// "30s" -> 30 x the factor of "s", at most `limit`.
std::optional<std::int64_t> scaled(std::string_view text, std::span<const Unit> units,
                                   std::int64_t limit) {
    std::int64_t count = 0;
    const auto [after, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (fault != std::errc() || count < 0 || text.starts_with('-')) { return {}; }
    const std::string_view name = text.substr(static_cast<std::size_t>(after - text.data()));
    for (const Unit& unit : units) {
        if (unit.name == name && count <= limit / unit.factor) { return count * unit.factor; }
    }
    return {};
}

/// Of a unit in any spelling that people use: "S", "min", "hours". 0 for what is none.
std::int64_t factor_of_unit(std::string_view name) {
    constexpr std::array kSpelledUnits{Unit{"sec", 1000},       Unit{"second", 1000},
                                       Unit{"min", 60'000},     Unit{"minute", 60'000},
                                       Unit{"hr", 3'600'000},   Unit{"hour", 3'600'000},
                                       Unit{"day", 86'400'000}, Unit{"week", 604'800'000}};
    const std::string small = dns::lower_cased(name);
    for (const Unit& unit : kDurationUnits) {
        if (unit.name == small) { return unit.factor; }
    }
    for (const Unit& unit : kSpelledUnits) {
        if (unit.name == small || std::string(unit.name) + "s" == small) { return unit.factor; }
    }
    return 0;
}

std::optional<std::string> meant_boolean(std::string_view text) {
    const std::string small = dns::lower_cased(text);
    for (const std::string_view yes : {"true", "yes", "on", "1"}) {
        if (small == yes) { return "true"; }
    }
    for (const std::string_view no : {"false", "no", "off", "0"}) {
        if (small == no) { return "false"; }
    }
    return {};
}

}  // namespace

std::string_view expectation(Kind kind) {
    switch (kind) {
        case Kind::Any:
            return "a value";
        case Kind::Boolean:
            return "true or false";
        case Kind::Integer:
            return "a whole number";
        case Kind::Integers:
            return "a whole number or an array of whole numbers";
        case Kind::Number:
            return "a number";
        case Kind::Text:
            return "a string";
        case Kind::Texts:
        case Kind::Addresses:
            return "a string or an array of strings";
        case Kind::IntegerOrText:
            return "a whole number or a string";
        case Kind::Duration:
            return "a duration such as \"500ms\", \"30s\", \"5m\", \"1h\", \"1d\", \"2w\"";
        case Kind::Seconds:
            return "a duration such as \"30s\", \"5m\", \"1h\", \"1d\", \"2w\"";
        case Kind::Ttl:
            return "a TTL such as \"30s\", \"5m\", \"1h\", \"1d\", \"2w\"";
        case Kind::Size:
            return "a size such as \"64KiB\" or \"8MiB\"";
        case Kind::Time:
            return "a date and time such as 2026-12-01T09:00:00Z";
        case Kind::Place:
            return "a place such as \"FRA\", \"Frankfurt, DE\" or [50.03, 8.57]";
        case Kind::Records:
        case Kind::Table:
        case Kind::NamedTables:
        case Kind::NamedValues:
            return "a table";
        case Kind::TableArray:
            return "an array of tables";
    }
    return "a value";
}

std::string duration_text(std::chrono::milliseconds duration) {
    const std::int64_t count = duration.count();
    if (count == 0) { return "0s"; }
    std::size_t unit = kDurationUnits.size() - 1;
    while (count % kDurationUnits[unit].factor != 0) {
        --unit;  // the first one divides all
    }
    return std::to_string(count / kDurationUnits[unit].factor) +
           std::string(kDurationUnits[unit].name);
}

std::string meant_duration(std::string_view text) {
    std::int64_t milliseconds = 0;
    while (!text.empty()) {
        std::int64_t count = 0;
        const auto [after, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (fault != std::errc() || count < 0 || count > kMaxDurationSeconds) { return {}; }
        text.remove_prefix(static_cast<std::size_t>(after - text.data()));
        if (text.empty() && milliseconds == 0) { return "write " + std::to_string(count) + "; "; }
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        const std::size_t end = std::min(text.find_first_of("0123456789 "), text.size());
        const std::int64_t factor = factor_of_unit(text.substr(0, end));
        if (factor == 0 || count > kMaxDurationSeconds / factor) { return {}; }
        milliseconds += count * factor;
        if (milliseconds > kMaxDurationSeconds) { return {}; }
        text.remove_prefix(end);
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    }
    if (milliseconds == 0 || milliseconds % kMillisecondsPerSecond != 0) { return {}; }
    return "write " + quoted(duration_text(std::chrono::milliseconds(milliseconds))) + "; ";
}

std::string meant_size(std::string_view text) {
    std::int64_t count = 0;
    const auto [after, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (fault != std::errc() || count < 0) { return {}; }
    std::string unit(text.substr(static_cast<std::size_t>(after - text.data())));
    unit.erase(0, std::min(unit.find_first_not_of(' '), unit.size()));
    if (unit.empty()) { return "write " + std::to_string(count) + "; "; }
    const std::string small = dns::lower_cased(unit);
    for (const std::string_view letter : {"k", "m", "g"}) {
        const std::string named(letter);
        if (small != named && small != named + "b" && small != named + "ib") { continue; }
        const char capital = static_cast<char>(letter[0] - 'a' + 'A');
        return "write " + quoted(std::to_string(count) + capital + "iB") + "; ";
    }
    return {};
}

std::optional<std::string> meant_without_quotes(std::string_view text, Kind kind) {
    const bool is_number = is_toml_number(text);
    const bool is_whole = is_number && text.find_first_of(".eE") == std::string_view::npos;
    switch (kind) {
        case Kind::Boolean:
            return meant_boolean(text);
        case Kind::Integer:
        case Kind::Integers:
        case Kind::IntegerOrText:
            return is_whole ? std::optional(std::string(text)) : std::nullopt;
        case Kind::Number:
            return is_number ? std::optional(std::string(text)) : std::nullopt;
        case Kind::Time: {
            const bool is_time =
                read_toml_word(text).fault == nullptr && !is_number && !meant_boolean(text);
            return is_time ? std::optional(std::string(text)) : std::nullopt;
        }
        default:
            return {};
    }
}

std::optional<std::chrono::milliseconds> duration_of(const TomlValue& value) {
    if (const auto* seconds = value.get<std::int64_t>()) {
        if (*seconds < 0 || *seconds > kMaxDurationSeconds) { return {}; }
        return std::chrono::seconds(*seconds);
    }
    const auto* text = value.get<std::string>();
    if (text == nullptr) { return {}; }
    const auto count = scaled(*text, kDurationUnits, kMaxDurationSeconds * kMillisecondsPerSecond);
    if (!count) { return {}; }
    return std::chrono::milliseconds(*count);
}

std::optional<std::int64_t> seconds_of(const TomlValue& value) {
    const auto* text = value.get<std::string>();
    if (text != nullptr && text->ends_with("ms")) { return {}; }
    const auto duration = duration_of(value);
    if (!duration) { return {}; }
    return duration->count() / kMillisecondsPerSecond;
}

std::uint32_t seconds_at(const TomlTable& table, std::string_view key, std::uint32_t fallback) {
    const TomlEntry* entry = table.find(key);
    const auto seconds = entry == nullptr ? std::nullopt : seconds_of(entry->value);
    return seconds ? static_cast<std::uint32_t>(*seconds) : fallback;
}

bool is_sound_duration(const TomlTable& table, std::string_view key) {
    const TomlEntry* entry = table.find(key);
    if (entry == nullptr) { return true; }
    const auto seconds = seconds_of(entry->value);
    return seconds && *seconds >= 1 && *seconds <= std::int64_t{kMaxTtlSeconds};
}

std::optional<std::int64_t> octets_of(const TomlValue& value) {
    if (const auto* octets = value.get<std::int64_t>()) {
        return *octets < 0 ? std::nullopt : std::optional(*octets);
    }
    const auto* text = value.get<std::string>();
    if (text == nullptr) { return {}; }
    return scaled(*text, kSizeUnits, std::int64_t{1} << 40);
}

}  // namespace meridian::zones
