// Judges the words of TOML that stand without quotes: booleans, numbers, dates and times.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

struct WordCheck {
    bool ok = false;
    const Message* message = nullptr;  ///< What to tell when not; it wants one value,
    std::string value = {};            ///< this.
};

/// Whether `word` is a value, integers within 64 bits; says what to do where it is none.
WordCheck check_toml_word(std::string_view word);

/// The typographic quotation mark that stands at `offset`, or nothing.
std::string_view curly_quote_at(std::string_view text, std::size_t offset);

/// "2026-11-22"
bool is_toml_date(std::string_view word);

}  // namespace meridian::zones
