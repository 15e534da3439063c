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

#include "meridian/result.h"

namespace meridian::server {

/// What the first line says: the title, which ends in a space, and the version of the form.
struct StateForm {
    std::string_view title;
    std::uint32_t version = 0;
};

/// Puts the first line before `lines`, each of which ends in a line feed, and behind them one with
/// their digest.
std::string write_state_lines(const StateForm& form, const std::string& lines);

/// Calls `take` with each line between. The error says what is wrong with the text: another
/// version, a text that was cut or changed, or a line for which `take` returned false.
Result<Unit, std::string> read_state_lines(const StateForm& form, std::string_view text,
                                           const std::function<bool(std::string_view)>& take);

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
