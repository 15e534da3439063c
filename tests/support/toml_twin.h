// Reads TOML with toml11, so that tests compare two readers of one text.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <toml.hpp>
#include <unordered_map>
#include <vector>

#include "meridian/zones/toml_document.h"

namespace meridian::test {

using Toml11 = toml::basic_value<toml::discard_comments, std::unordered_map, std::vector>;

inline bool same(const zones::TomlValue& ours, const Toml11& theirs);

inline bool same(const zones::TomlTable& ours, const Toml11& theirs) {
    if (!theirs.is_table() || theirs.as_table().size() != ours.entries().size()) { return false; }
    for (const zones::TomlEntry& entry : ours.entries()) {
        const auto found = theirs.as_table().find(entry.key);
        if (found == theirs.as_table().end() || !same(entry.value, found->second)) { return false; }
    }
    return true;
}

inline bool same(const zones::TomlArray& ours, const Toml11& theirs) {
    if (!theirs.is_array() || theirs.as_array().size() != ours.items.size()) { return false; }
    for (std::size_t i = 0; i < ours.items.size(); ++i) {
        if (!same(ours.items[i], theirs.as_array()[i])) { return false; }
    }
    return true;
}

inline bool same(zones::TimeKind ours, const Toml11& theirs) {
    switch (ours) {
        case zones::TimeKind::OffsetDateTime:
            return theirs.is_offset_datetime();
        case zones::TimeKind::LocalDateTime:
            return theirs.is_local_datetime();
        case zones::TimeKind::LocalDate:
            return theirs.is_local_date();
        case zones::TimeKind::LocalTime:
            return theirs.is_local_time();
    }
    return false;
}

/// Whether both hold the same values. Times are compared by kind alone.
inline bool same(const zones::TomlValue& ours, const Toml11& theirs) {
    if (const auto* table = ours.get<zones::TomlTable>()) { return same(*table, theirs); }
    if (const auto* array = ours.get<zones::TomlArray>()) { return same(*array, theirs); }
    if (const auto* time = ours.get<zones::TomlTime>()) { return same(time->kind, theirs); }
    if (const auto* text = ours.get<std::string>()) {
        return theirs.is_string() && theirs.as_string().str == *text;
    }
    if (const auto* number = ours.get<double>()) {
        if (!theirs.is_floating()) { return false; }
        const double twin = theirs.as_floating();
        return std::isnan(*number) ? std::isnan(twin) : *number == twin;
    }
    if (const auto* integer = ours.get<std::int64_t>()) {
        return theirs.is_integer() && theirs.as_integer() == *integer;
    }
    const auto* boolean = ours.get<bool>();
    return boolean != nullptr && theirs.is_boolean() && theirs.as_boolean() == *boolean;
}

/// What toml11 reads; none where it refuses the text. Expects a text that `read_toml` has taken:
/// toml11 recurses without a limit.
inline std::optional<Toml11> read_with_toml11(std::string_view text) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (text.starts_with(kByteOrderMark)) { text.remove_prefix(kByteOrderMark.size()); }
    std::istringstream stream{std::string(text)};
    try {
        return toml::parse<toml::discard_comments, std::unordered_map, std::vector>(stream, "twin");
    } catch (const std::exception&) { return {}; }
}

}  // namespace meridian::test
