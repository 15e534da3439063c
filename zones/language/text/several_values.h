// Recognises several values that were written into one string.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

/// What stands between values: always "," and ";", and blanks where a value is one word.
enum class ValueForm : std::uint8_t { OneWord, SeveralWords };

/// The values in one text where they are several, each of which `is_value` takes; else none.
std::vector<std::string> several_in(std::string_view text, ValueForm form,
                                    const std::function<bool(const std::string&)>& is_value);

/// Reports several values in one text, each of which `is_value` takes, and one value with a "," or
/// ";" behind it. False for any other text.
bool report_several(std::string_view text, ValueForm form,
                    const std::function<bool(const std::string&)>& is_value, TextPosition at,
                    const std::string& key, Findings& findings);

}  // namespace meridian::zones
