// Checks a TOML table against the rows of the keys that may stand in it.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/key_rows.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "zones/language/keys/misplaced_keys.h"
#include "zones/language/keys/quantities.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

class Checker {
public:
    explicit Checker(Findings& findings) : findings_(findings) {}

    void table(const TomlTable& table, std::span<const KeyRow> rows, const std::string& path,
               TextPosition table_at) {
        if (path.empty()) { misplaced_.start_at(table, rows); }
        for (const TomlEntry& entry : table.entries()) {
            this->entry(entry, rows, path);
        }
        for (const KeyRow& row : rows) {
            if (!row.required || table.find(row.key) != nullptr) { continue; }
            if (!row.unless.empty() && table.find(row.unless) != nullptr) { continue; }
            if (path.empty() && misplaced_.is_reported_below(row)) { continue; }
            findings_.report(diagnostics::kMissingKey, table_at, key_path(path, row.key),
                             {row.doc});
        }
    }

    void known(const TomlEntry& entry, const KeyRow& row, const std::string& key) {
        if (row.status == Status::NotSupportedYet) {
            return findings_.report(diagnostics::kNotSupportedYet, entry.key_span.at, key,
                                    {row.doc});
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
    void unknown(const TomlEntry& entry, std::span<const KeyRow> rows, const std::string& key) {
        if (misplaced_.report(entry, rows, key)) { return; }
        std::vector<std::string_view> all;
        std::vector<std::string_view> working;
        for (const KeyRow& row : rows) {
            all.push_back(row.key);
            if (row.status != Status::NotSupportedYet) { working.push_back(row.key); }
        }
        findings_.report(diagnostics::kUnknownKey, entry.key_span.at, key,
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
                return integer_or_text(value, row, key);
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
        if (fine || report_quotes(value, row.kind, key)) { return; }
        findings_.report(diagnostics::kUnexpectedKind, value.span.at, key,
                         {expectation(row.kind), describe(value.kind())});
    }

    /// Reports a number, a boolean or a time in quotes; false for any other text.
    bool report_quotes(const TomlValue& value, Kind kind, const std::string& key) {
        const auto* text = value.get<std::string>();
        const auto* number = value.get<std::int64_t>();
        if (kind == Kind::Boolean && number != nullptr && (*number == 0 || *number == 1)) {
            findings_.report(diagnostics::kNumberForBoolean, value.span.at, key,
                             {*number == 1 ? "true" : "false"});
            return true;
        }
        const auto meant = text == nullptr ? std::nullopt : meant_without_quotes(*text, kind);
        if (!meant) { return false; }
        findings_.report(
            diagnostics::kValueInQuotes, value.span.at, key,
            {expectation(kind == Kind::Integers || kind == Kind::IntegerOrText ? Kind::Integer
                                                                               : kind),
             *meant});
        return true;
    }

    void integer(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* integer = value.get<std::int64_t>();
        expect(integer != nullptr, value, row, key);
        if (integer == nullptr || (*integer >= row.minimum && *integer <= row.maximum)) { return; }
        out_of_range(value, key, std::to_string(*integer), std::to_string(row.minimum),
                     std::to_string(row.maximum));
    }

    void integer_or_text(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* chosen = value.get<std::string>();
        if (chosen == nullptr) { return integer(value, row, key); }
        const bool is_choice = std::ranges::find(row.choices, *chosen) != row.choices.end();
        if (is_choice || !report_quotes(value, row.kind, key)) { text(value, row, key); }
    }

    void integers(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* array = value.get<TomlArray>();
        if (array == nullptr) {
            const bool is_one = value.get<std::int64_t>() != nullptr;
            return is_one ? integer(value, row, key) : expect(false, value, row, key);
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
        findings_.report(diagnostics::kUnknownChoice, value.span.at, key,
                         {quoted(*text), spelling_hint(*text, "choices", row.choices)});
    }

    void refuse_empty(const TomlArray& array, const TomlValue& value, const std::string& key) {
        if (!array.items.empty()) { return; }
        findings_.report(diagnostics::kEmptyArray, value.span.at, key);
    }

    void texts(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* array = value.get<TomlArray>();
        if (array == nullptr) {
            return expect(value.get<std::string>() != nullptr, value, row, key);
        }
        refuse_empty(*array, value, key);
        for (const TomlValue& item : array->items) {
            if (item.get<std::string>() != nullptr) { continue; }
            findings_.report(diagnostics::kUnexpectedKind, item.span.at, key,
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
            findings_.report(
                row.kind == Kind::Ttl ? diagnostics::kNoTtl : diagnostics::kNoDuration,
                value.span.at, key,
                {text != nullptr ? quoted(*text) : std::to_string(*value.get<std::int64_t>()),
                 text != nullptr ? meant_duration(*text) : "", expectation(row.kind)});
            return;
        }
        const std::int64_t unit = row.kind == Kind::Duration ? 1 : kMillisecondsPerSecond;
        const std::int64_t longest = kMaxDurationSeconds * kMillisecondsPerSecond / unit;
        const std::chrono::milliseconds least(std::max<std::int64_t>(row.minimum, 0) * unit);
        const std::chrono::milliseconds most(std::min(row.maximum, longest) * unit);
        if (*milliseconds >= least && *milliseconds <= most) { return; }
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
            return findings_.report(diagnostics::kNoSize, value.span.at, key,
                                    {quoted(*text), meant_size(*text), expectation(row.kind)});
        }
        if (*octets >= row.minimum && *octets <= row.maximum) { return; }
        out_of_range(value, key, std::to_string(*octets) + " octets", std::to_string(row.minimum),
                     std::to_string(row.maximum));
    }

    void out_of_range(const TomlValue& value, const std::string& key, const std::string& what,
                      const std::string& least, const std::string& most) {
        findings_.report(diagnostics::kOutOfRange, value.span.at, key, {what, least, most});
    }

    void one_table(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* below = value.get<TomlTable>();
        expect(below != nullptr, value, row, key);
        if (below != nullptr) { table(*below, row.rows, key, value.span.at); }
    }

    void named_tables(const TomlValue& value, const KeyRow& row, const std::string& key) {
        if (report_array_of_named(value, key)) { return; }
        const auto* named = value.get<TomlTable>();
        expect(named != nullptr, value, row, key);
        if (named == nullptr) { return; }
        for (const TomlEntry& entry : named->entries()) {
            one_table(entry.value, row, key_path(key, entry.key));
        }
    }

    /// Reports `[[services]]` where `[services.NAME]` is meant; false for what is no such array.
    bool report_array_of_named(const TomlValue& value, const std::string& key) {
        const auto* array = value.get<TomlArray>();
        if (array == nullptr || !array->of_headers) { return false; }
        const auto* first = array->items.front().get<TomlTable>();
        const std::string* name = first == nullptr ? nullptr : first->text("name");
        findings_.report(
            diagnostics::kArrayOfNamed, value.span.at, key,
            {"[[" + key + "]]", "[" + key_path(key, name == nullptr ? "NAME" : *name) + "]"});
        return true;
    }

    void named_values(const TomlValue& value, const KeyRow& row, const std::string& key) {
        const auto* named = value.get<TomlTable>();
        if (named == nullptr) {
            const std::string_view name = row.rows.front().key;
            return findings_.report(diagnostics::kNamedValuesWanted, value.span.at, key,
                                    {name, describe(value.kind()), row.key, name});
        }
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
                findings_.report(diagnostics::kUnexpectedKind, item.span.at, key,
                                 {expectation(Kind::Table), describe(item.kind())});
            }
        }
    }

    Findings& findings_;
    MisplacedKeys misplaced_{findings_};
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

}  // namespace meridian::zones
