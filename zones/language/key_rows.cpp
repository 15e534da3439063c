// Checks a TOML table against the rows of the keys that may stand in it.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/key_rows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "zones/model/messages.h"

namespace meridian::zones {
namespace {

constexpr std::int64_t kMillisecondsPerSecond = 1000;
// Far beyond any range of a row, so that those refuse it; keeps every product within 64 bits.
constexpr std::int64_t kMaxDurationSeconds = std::int64_t{1} << 40;

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
    std::string small(name);
    std::ranges::transform(small, small.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    for (const Unit& unit : kDurationUnits) {
        if (unit.name == small) { return unit.factor; }
    }
    for (const Unit& unit : kSpelledUnits) {
        if (unit.name == small || std::string(unit.name) + "s" == small) { return unit.factor; }
    }
    return 0;
}

/// The largest unit that leaves a whole number.
std::string duration_text(std::int64_t seconds) {
    for (std::size_t i = kDurationUnits.size(); i-- > 2;) {
        const std::int64_t unit = kDurationUnits[i].factor / kMillisecondsPerSecond;
        if (seconds > 0 && seconds % unit == 0) {
            return std::to_string(seconds / unit) + std::string(kDurationUnits[i].name);
        }
    }
    return std::to_string(seconds) + "s";
}

/// "write X; " for what other notations call a duration: "1h30m" of master files, "300", "5 min",
/// "90S". Nothing where it is anybody's guess.
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
    return "write " + quoted(duration_text(milliseconds / kMillisecondsPerSecond)) + "; ";
}

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

class Checker {
public:
    explicit Checker(Findings& findings) : findings_(findings) {}

    void table(const TomlTable& table, std::span<const KeyRow> rows, const std::string& path,
               TextPosition table_at) {
        if (path.empty()) {
            top_ = &table;
            top_rows_ = rows;
        }
        for (const TomlEntry& entry : table.entries()) {
            this->entry(entry, rows, path);
        }
        for (const KeyRow& row : rows) {
            if (!row.required || table.find(row.key) != nullptr) { continue; }
            if (!row.unless.empty() && table.find(row.unless) != nullptr) { continue; }
            if (path.empty() && is_told_below(row, table)) { continue; }
            findings_.tell(messages::kMissingKey, table_at, key_path(path, row.key), {row.doc});
        }
    }

    void known(const TomlEntry& entry, const KeyRow& row, const std::string& key) {
        if (row.status == Status::NotSupportedYet) {
            return findings_.tell(messages::kNotSupportedYet, entry.key_span.at, key, {row.doc});
        }
        value(entry.value, row, key);
    }

    void entry(const TomlEntry& entry, std::span<const KeyRow> rows, const std::string& path) {
        const std::string key = key_path(path, entry.key);
        for (const KeyRow& row : rows) {
            if (row.key == entry.key) { return known(entry, row, key); }
        }
        unknown(entry, rows, key);
    }

private:
    // A key of the top that stands behind a header is part of that table: the mistake that TOML
    // invites most.

    /// Whether this was one, and was told so.
    bool tell_top_key(const TomlEntry& entry, const std::string& key) {
        if (top_ == nullptr || top_->find(entry.key) != nullptr) { return false; }
        const auto row = std::ranges::find_if(
            top_rows_, [&](const KeyRow& top) { return top.key == entry.key && top.required; });
        if (row == top_rows_.end()) { return false; }
        const std::string_view path = std::string_view(key).substr(0, key.rfind('.'));
        findings_.tell(messages::kKeyBelowHeader, entry.key_span.at, key, {path});
        told_below_.push_back(row->key);
        return true;
    }

    bool is_told_below(const KeyRow& row, const TomlTable& table) {
        return std::ranges::find(told_below_, row.key) != told_below_.end() ||
               tell_where_below(row, table, {});
    }

    /// Looks where any key may stand, as under [records].
    bool tell_where_below(const KeyRow& row, const TomlTable& table, const std::string& path) {
        for (const TomlEntry& entry : table.entries()) {
            const auto* below = entry.value.get<TomlTable>();
            const std::string key = key_path(path, entry.key);
            if (below == nullptr) {
                if (path.empty() || entry.key != row.key) { continue; }
                findings_.tell(messages::kKeyBelowHeader, entry.key_span.at, key, {path});
                return true;
            }
            if (tell_where_below(row, *below, key)) { return true; }
        }
        return false;
    }

    void unknown(const TomlEntry& entry, std::span<const KeyRow> rows, const std::string& key) {
        if (tell_top_key(entry, key)) { return; }
        std::vector<std::string_view> all;
        std::vector<std::string_view> working;
        for (const KeyRow& row : rows) {
            all.push_back(row.key);
            if (row.status != Status::NotSupportedYet) { working.push_back(row.key); }
        }
        findings_.tell(messages::kUnknownKey, entry.key_span.at, key,
                       {quoted(entry.key), findings_.full() ? "" : did_you_mean(entry.key, all),
                        quoted_list(working)});
    }

    void value(const TomlValue& value, const KeyRow& row, const std::string& key) {
        switch (row.kind) {
            case Kind::Any:
            case Kind::Place:
            case Kind::Records:
                return;
            case Kind::Boolean:
                return expect(value.get<bool>() != nullptr, value, row, key);
            case Kind::Time:
                return expect(value.get<TomlTime>() != nullptr, value, row, key);
            case Kind::Integer:
                return integer(value, row, key);
            case Kind::Integers:
                return integers(value, row, key);
            case Kind::Number:
                return number(value, row, key);
            case Kind::Text:
                return text(value, row, key);
            case Kind::Texts:
            case Kind::Addresses:
                return texts(value, row, key);
            case Kind::IntegerOrText:
                return value.get<std::string>() != nullptr ? text(value, row, key)
                                                           : integer(value, row, key);
            case Kind::Duration:
            case Kind::Seconds:
            case Kind::Ttl:
                return duration(value, row, key);
            case Kind::Size:
                return size(value, row, key);
            case Kind::Table:
                return one_table(value, row, key);
            case Kind::NamedTables:
                return named_tables(value, row, key);
            case Kind::NamedValues:
                return named_values(value, row, key);
            case Kind::TableArray:
                return table_array(value, row, key);
        }
    }

    void expect(bool fine, const TomlValue& value, const KeyRow& row, const std::string& key) {
        if (fine) { return; }
        findings_.tell(messages::kUnexpectedKind, value.span.at, key,
                       {expectation(row.kind), describe(value.kind())});
    }

    void integer(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* integer = value.get<std::int64_t>();
        expect(integer != nullptr, value, row, key);
        if (integer == nullptr || (*integer >= row.minimum && *integer <= row.maximum)) { return; }
        out_of_range(value, key, std::to_string(*integer), std::to_string(row.minimum),
                     std::to_string(row.maximum));
    }

    void integers(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* array = value.get<TomlArray>();
        if (array == nullptr) {
            expect(value.get<std::int64_t>() != nullptr, value, row, key);
            if (value.get<std::int64_t>() != nullptr) { integer(value, row, key); }
            return;
        }
        refuse_empty(*array, value, key);
        const KeyRow single{
            .key = row.key, .kind = Kind::Integer, .minimum = row.minimum, .maximum = row.maximum};
        for (const TomlValue& item : array->items) {
            integer(item, single, key);
        }
    }

    void number(const TomlValue& value, const KeyRow& row, const std::string& key) {
        if (value.get<std::int64_t>() != nullptr) { return integer(value, row, key); }
        const auto* number = value.get<double>();
        expect(number != nullptr, value, row, key);
        if (number == nullptr) { return; }
        if (std::isfinite(*number) && *number >= static_cast<double>(row.minimum) &&
            *number <= static_cast<double>(row.maximum)) {
            return;
        }
        out_of_range(value, key, "the number", std::to_string(row.minimum),
                     std::to_string(row.maximum));
    }

    void text(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* text = value.get<std::string>();
        expect(text != nullptr, value, row, key);
        if (text == nullptr || row.choices.empty()) { return; }
        for (const std::string_view choice : row.choices) {
            if (choice == *text) { return; }
        }
        findings_.tell(messages::kUnknownChoice, value.span.at, key,
                       {quoted(*text), spelling_hint(*text, "choices", row.choices)});
    }

    void refuse_empty(const TomlArray& array, const TomlValue& value, const std::string& key) {
        if (!array.items.empty()) { return; }
        findings_.tell(messages::kEmptyArray, value.span.at, key);
    }

    void texts(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* array = value.get<TomlArray>();
        if (array == nullptr) {
            return expect(value.get<std::string>() != nullptr, value, row, key);
        }
        refuse_empty(*array, value, key);
        for (const TomlValue& item : array->items) {
            if (item.get<std::string>() != nullptr) { continue; }
            findings_.tell(messages::kUnexpectedKind, item.span.at, key,
                           {expectation(Kind::Text), describe(item.kind())});
        }
    }

    void duration(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto milliseconds = duration_of(value);
        const bool fine =
            row.kind == Kind::Duration ? milliseconds.has_value() : seconds_of(value).has_value();
        if (!fine) {
            const auto* text = value.get<std::string>();
            if (text == nullptr && value.kind() != TomlKind::Integer) {
                return expect(false, value, row, key);
            }
            findings_.tell(
                row.kind == Kind::Ttl ? messages::kNoTtl : messages::kNoDuration, value.span.at,
                key,
                {text != nullptr ? quoted(*text) : std::to_string(*value.get<std::int64_t>()),
                 text != nullptr ? meant_duration(*text) : "", expectation(row.kind)});
            return;
        }
        const std::int64_t least = std::max<std::int64_t>(row.minimum, 0);
        const std::int64_t most = std::min(row.maximum, kMaxDurationSeconds);
        if (milliseconds->count() >= least * kMillisecondsPerSecond &&
            milliseconds->count() <= most * kMillisecondsPerSecond) {
            return;
        }
        const auto* text = value.get<std::string>();
        out_of_range(value, key,
                     text != nullptr ? quoted(*text)
                                     : std::to_string(*value.get<std::int64_t>()) + " seconds",
                     duration_text(least), duration_text(most));
    }

    void size(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto octets = octets_of(value);
        if (!octets) {
            const auto* text = value.get<std::string>();
            if (text == nullptr) { return expect(false, value, row, key); }
            return findings_.tell(messages::kNoSize, value.span.at, key,
                                  {quoted(*text), expectation(row.kind)});
        }
        if (*octets >= row.minimum && *octets <= row.maximum) { return; }
        out_of_range(value, key, std::to_string(*octets) + " octets", std::to_string(row.minimum),
                     std::to_string(row.maximum));
    }

    void out_of_range(const TomlValue& value, const std::string& key, const std::string& what,
                      const std::string& least, const std::string& most) {
        findings_.tell(messages::kOutOfRange, value.span.at, key, {what, least, most});
    }

    void one_table(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* below = value.get<TomlTable>();
        expect(below != nullptr, value, row, key);
        if (below != nullptr) { table(*below, row.rows, key, value.span.at); }
    }

    void named_tables(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* named = value.get<TomlTable>();
        expect(named != nullptr, value, row, key);
        if (named == nullptr) { return; }
        for (const TomlEntry& entry : named->entries()) {
            one_table(entry.value, row, key_path(key, entry.key));
        }
    }

    void named_values(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* named = value.get<TomlTable>();
        expect(named != nullptr, value, row, key);
        if (named == nullptr) { return; }
        for (const TomlEntry& entry : named->entries()) {
            known(entry, row.rows.front(), key_path(key, entry.key));
        }
    }

    void table_array(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* array = value.get<TomlArray>();
        expect(array != nullptr, value, row, key);
        if (array == nullptr) { return; }
        for (const TomlValue& item : array->items) {
            const auto* below = item.get<TomlTable>();
            if (below != nullptr) {
                table(*below, row.rows, key, item.span.at);
            } else {
                findings_.tell(messages::kUnexpectedKind, item.span.at, key,
                               {expectation(Kind::Table), describe(item.kind())});
            }
        }
    }

    Findings& findings_;
    const TomlTable* top_ = nullptr;  // of the file, where it is checked from there on
    std::span<const KeyRow> top_rows_;
    std::vector<std::string_view> told_below_;
};

}  // namespace

void check_keys(const TomlTable& table, std::span<const KeyRow> rows, std::string_view path,
                TextPosition table_at, Findings& findings) {
    Checker(findings).table(table, rows, std::string(path), table_at);
}

void check_entry(const TomlEntry& entry, std::span<const KeyRow> rows, std::string_view path,
                 Findings& findings) {
    Checker(findings).entry(entry, rows, std::string(path));
}

void check_key(const TomlEntry& entry, const KeyRow& row, std::string_view path,
               Findings& findings) {
    Checker(findings).known(entry, row, key_path(path, entry.key));
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

std::optional<std::int64_t> octets_of(const TomlValue& value) {
    if (const auto* octets = value.get<std::int64_t>()) {
        return *octets < 0 ? std::nullopt : std::optional(*octets);
    }
    const auto* text = value.get<std::string>();
    if (text == nullptr) { return {}; }
    return scaled(*text, kSizeUnits, std::int64_t{1} << 40);
}

}  // namespace meridian::zones
