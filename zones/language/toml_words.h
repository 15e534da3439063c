// Judges the words of TOML that stand without quotes: booleans, numbers, dates and times.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace meridian::zones {

struct WordCheck {
    bool ok = false;
    std::string message;
    std::string hint;
};

/// Whether `word` is a value, integers within 64 bits; says what to do where it is none.
WordCheck check_toml_word(std::string_view word);

/// "2026-11-22"
bool is_toml_date(std::string_view word);

}  // namespace meridian::zones
