// Frames the lines of a state file: which form they have, and whether they are whole.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "meridian/result.h"

namespace meridian::server {

/// What the first line says: the title, which ends in a space, and the version of the form.
struct StateForm {
    std::string_view title;
    std::uint32_t version = 0;
};

/// Begins the line with the digest of what stands above it.
inline constexpr std::string_view kDigestWord = "end ";

/// Puts the first line before `lines`, each of which ends in a line feed, and behind them one with
/// their digest.
std::string write_state_lines(const StateForm& form, const std::string& lines);

/// Calls `take` with each line between. The error says what is wrong with the text: another
/// version, a text that was cut or changed, or a line for which `take` returned false.
Result<Unit, std::string> read_state_lines(const StateForm& form, std::string_view text,
                                           const std::function<bool(std::string_view)>& take);

/// The text of a list with a line for each entry, as `line_of` has it, line feed included.
template <typename Entry>
std::string write_state_list(const StateForm& form, const std::vector<Entry>& entries,
                             std::string (*line_of)(const Entry&)) {
    std::string lines;
    for (const Entry& entry : entries) {
        lines += line_of(entry);
    }
    return write_state_lines(form, lines);
}

/// The same back. `parse` returns none for a line that is no entry; the error is that of
/// `read_state_lines`. Never throws on the text.
template <typename Entry>
Result<std::vector<Entry>, std::string> read_state_list(
    const StateForm& form, std::string_view text,
    std::optional<Entry> (*parse)(std::string_view line)) {
    std::vector<Entry> entries;
    const auto read = read_state_lines(form, text, [&](std::string_view line) {
        auto entry = parse(line);
        if (!entry) { return false; }
        entries.push_back(std::move(*entry));
        return true;
    });
    if (!read) { return Failure{read.error()}; }
    return entries;
}

/// Removes the text before `separator`, and the separator, from the front of `text`.
std::string_view take_until(std::string_view& text, char separator);

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number = 0;
    const auto [behind, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || behind != text.data() + text.size()) { return {}; }
    return number;
}

}  // namespace meridian::server
