// Recognises a file that is of another form altogether, so that one sentence says so.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

/// What a text is instead, and the line that shows it.
struct ForeignForm {
    const Message* message = nullptr;  ///< Takes no values.
    std::uint32_t line = 1;
};

/// For a text that TOML does not allow; one that is TOML may look like the marks of a merge. Looks
/// at no more than the first kilobytes and the beginnings of lines, in linear time.
std::optional<ForeignForm> foreign_form(std::string_view text);

/// UTF-16 or no text at all: what can be said of any file that should hold text.
const Message* unreadable_form(std::string_view text);

}  // namespace meridian::zones
