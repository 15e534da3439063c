// Writes keys and values of TOML the way their neighbours are written.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/editing/toml_style.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "zones/language/text/blanks.h"

namespace meridian::zones {
namespace {

/// The blanks behind `offset`; none where something else ends the line.
std::optional<std::string> blanks_at(std::string_view text, std::size_t offset) {
    const std::size_t end = text.find_first_not_of(kBlanks, offset);
    if (end == std::string_view::npos || text[end] == '\n' || text[end] == '\r') { return {}; }
    if (text[end] == '#') { return {}; }
    return std::string(text.substr(offset, end - offset));
}

/// The text between two neighbours on a line: blanks, a comma, blanks.
std::optional<std::string> comma_between(std::string_view text, std::size_t end,
                                         std::size_t begin) {
    const std::string_view between = text.substr(end, begin - end);
    if (between.find_first_not_of(" \t,") != std::string_view::npos) { return {}; }
    return std::string(between);
}

class StyleReader {
public:
    StyleReader(std::string_view text, ValueStyle& style) : text_(text), style_(style) {}

    void read(const TomlTable& table) {
        for (const TomlEntry& entry : table.entries()) {
            read(entry.value);
        }
    }

    void read(const TomlValue& value) {
        const std::size_t begin = value.span.begin;
        if (value.get<std::string>() != nullptr) {
            if (!quote_known_) { style_.quote = text_[begin]; }
            quote_known_ = true;
        } else if (const auto* array = value.get<TomlArray>()) {
            if (!array->of_headers) { read_array(*array, begin); }
        } else if (const auto* table = value.get<TomlTable>()) {
            if (is_in_braces(text_, value)) { read_braces(*table, begin); }
            read(*table);
        }
    }

private:
    void read_array(const TomlArray& array, std::size_t begin) {
        for (const TomlValue& item : array.items) {
            read(item);
        }
        if (array.items.empty()) { return; }
        if (const auto blanks = blanks_at(text_, begin + 1)) { style_.bracket_space = *blanks; }
        if (array.items.size() < 2) { return; }
        const auto comma = comma_between(text_, array.items[0].span.end, array.items[1].span.begin);
        if (comma) { style_.comma = *comma; }
    }

    void read_braces(const TomlTable& table, std::size_t begin) {
        if (table.empty()) { return; }
        style_.brace_space = blanks_at(text_, begin + 1).value_or(" ");
        const TomlEntry& first = table.entries().front();
        if (!is_plain(first)) { return; }
        const std::size_t key_end = first.key_span.end;
        const std::size_t equals = text_.find('=', key_end);
        style_.brace_before = text_.substr(key_end, equals - key_end);
        style_.brace_after = text_.substr(equals + 1, first.value.span.begin - equals - 1);
        if (table.entries().size() < 2 || !is_plain(table.entries()[1])) { return; }
        const auto comma =
            comma_between(text_, first.value.span.end, table.entries()[1].key_span.begin);
        if (comma) { style_.brace_comma = *comma; }
    }

    /// Whether a key of one part has a value right behind it.
    [[nodiscard]] bool is_plain(const TomlEntry& entry) const {
        return entry.value.get<TomlTable>() == nullptr || is_in_braces(text_, entry.value);
    }

    std::string_view text_;
    ValueStyle& style_;
    bool quote_known_ = false;
};

std::string number_text(double value) {
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    std::string result(digits, end);
    // "38" would be an integer.
    if (result.find_first_not_of("-0123456789") == std::string::npos) { result += ".0"; }
    return result;
}

std::string string_text(std::string_view value, char quote) {
    const auto is_control = [](char octet) {
        return static_cast<unsigned char>(octet) < 0x20 || octet == 0x7f;
    };
    const bool literal = quote == '\'' && value.find('\'') == std::string_view::npos &&
                         std::ranges::none_of(value, is_control);
    if (literal) { return "'" + std::string(value) + "'"; }
    std::string result = "\"";
    for (const char octet : value) {
        if (is_control(octet)) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04X", static_cast<unsigned>(octet));
            result += escape;
            continue;
        }
        if (octet == '"' || octet == '\\') { result += '\\'; }
        result += octet;
    }
    return result + '"';
}

std::string array_text(const TomlArray& array, const ValueStyle& style) {
    std::string result = "[" + style.bracket_space;
    for (const TomlValue& item : array.items) {
        if (&item != &array.items.front()) { result += style.comma; }
        result += to_toml(item, style);
    }
    return result + style.bracket_space + "]";
}

}  // namespace

ValueStyle value_style_of(std::string_view text, const TomlValue& model) {
    ValueStyle style;
    StyleReader(text, style).read(model);
    return style;
}

ValueStyle value_style_of(std::string_view text, const TomlTable& model) {
    ValueStyle style;
    StyleReader(text, style).read(model);
    return style;
}

std::string to_toml(const TomlValue& value, const ValueStyle& style) {
    if (const auto* flag = value.get<bool>()) { return *flag ? "true" : "false"; }
    if (const auto* integer = value.get<std::int64_t>()) { return std::to_string(*integer); }
    if (const auto* number = value.get<double>()) { return number_text(*number); }
    if (const auto* text = value.get<std::string>()) { return string_text(*text, style.quote); }
    if (const auto* time = value.get<TomlTime>()) { return time->text; }
    if (const auto* array = value.get<TomlArray>()) { return array_text(*array, style); }
    const auto* table = value.get<TomlTable>();
    return table == nullptr ? "\"\"" : to_toml(*table, nullptr, style);
}

std::string to_toml(const TomlTable& table, const TomlTable* model, const ValueStyle& style) {
    if (table.empty()) { return "{}"; }
    std::string result;
    for (const TomlEntry* entry : in_order_of(model, table)) {
        result += result.empty() ? "{" + style.brace_space : style.brace_comma;
        result += key_to_toml(entry->key) + style.brace_before + "=" + style.brace_after +
                  to_toml(entry->value, style);
    }
    return result + style.brace_space + "}";
}

std::string key_to_toml(std::string_view key) {
    const bool bare = !key.empty() && key.find_first_not_of(
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789-_") == std::string_view::npos;
    return bare ? std::string(key) : string_text(key, '"');
}

std::string keys_to_toml(std::span<const std::string> keys) {
    std::string result;
    for (const std::string& key : keys) {
        if (&key != keys.data()) { result += '.'; }
        result += key_to_toml(key);
    }
    return result;
}

std::vector<const TomlEntry*> in_order_of(const TomlTable* model, const TomlTable& table) {
    std::vector<const TomlEntry*> result;
    const auto take = [&](const TomlEntry* entry) {
        if (entry != nullptr && std::ranges::find(result, entry) == result.end()) {
            result.push_back(entry);
        }
    };
    if (model != nullptr) {
        for (const TomlEntry& entry : model->entries()) {
            take(table.find(entry.key));
        }
    }
    for (const TomlEntry& entry : table.entries()) {
        take(&entry);
    }
    return result;
}

std::string EqualsStyle::line(std::string_view key) const {
    std::string result(key);
    if (result.size() < column) {
        result.resize(column, ' ');
    } else {
        result += column > 0 ? " " : before;
    }
    return result + "=" + after;
}

void EqualsStyle::make_room(std::span<const std::string> keys) {
    for (const std::string& key : keys) {
        column = std::max(column, key.size() + 1);
    }
}

EqualsStyle equals_style_of(const TomlStatements& statements,
                            std::span<const std::size_t> indices) {
    EqualsStyle style;
    bool same_column = true;
    bool same_gap = true;
    std::size_t column = 0;
    for (const std::size_t index : indices) {
        const TomlStatement& statement = statements[index];
        if (statement.opens != nullptr) { continue; }
        const std::size_t key_end = statement.key.end;
        const std::size_t equals = statements.text().find('=', key_end);
        std::string before(statements.text(key_end, equals));
        const bool first = column == 0;
        same_column = same_column && (first || column == equals - statement.begin);
        same_gap = same_gap && (first || before == style.before);
        column = equals - statement.begin;
        style.before = std::move(before);
        style.after = statements.text(equals + 1, statement.value.begin);
    }
    // Blanks that fill up to a column differ from line to line, or are more than one.
    const bool filled = !same_gap || style.before.size() > 1;
    if (!filled || style.before.find('\t') != std::string::npos) { return style; }
    if (same_column) { style.column = column; }
    style.before = " ";
    return style;
}

}  // namespace meridian::zones
