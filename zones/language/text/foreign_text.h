// Recognises a file that is of another form altogether, so that one sentence says so.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

/// The diagnostics of `text`, which is no TOML. `faults` are those of a reader of TOML; where the
/// file is of another form altogether, one diagnostic that says so stands in their place. Linear in
/// the length of the text.
Diagnostics explained(const std::string& file, std::string_view text, Diagnostics faults);

/// What a text is instead of a master file, in words, and what to do about it.
struct ForeignMasterForm {
    std::string_view form;
    std::string_view hint;
    std::uint32_t line = 1;
};

/// Decides by the first line that is neither empty nor a comment. None for what may be a master
/// file.
std::optional<ForeignMasterForm> foreign_master_form(std::string_view text);

/// The kind that says that a file is UTF-16 or no text at all; null for any other.
const DiagnosticKind* unreadable_form(std::string_view text);

}  // namespace meridian::zones
