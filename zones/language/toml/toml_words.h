// Reads the words of TOML that stand without quotes: booleans, numbers, dates and times.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/toml_document.h"

namespace meridian::zones {

/// A word and what it means, or what is wrong with it.
struct TomlWord {
    TomlData value = {};
    const DiagnosticKind* fault = nullptr;  ///< Null for a value; else a kind that takes one text,
    std::string shown = {};                 ///< this.
};

/// Reads a boolean, a number, a date or a time. An integer that does not fit 64 bits is a fault; a
/// float that is too large becomes the largest.
TomlWord read_toml_word(std::string_view word);

/// "5", "-0.5", "1e3".
bool is_toml_number(std::string_view word);

/// "2026-11-22"
bool is_toml_date(std::string_view word);

}  // namespace meridian::zones
