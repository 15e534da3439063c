// Writes and reads what is known of the targets of checks, for the next start.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "meridian/result.h"
#include "server/health/saved_verdict.h"

namespace meridian::server {

/// A line for each verdict, between a title and a digest (server/state/state_lines.h).
std::string verdicts_text(const std::vector<SavedVerdict>& verdicts);

/// The error says what is wrong with the text. Never throws on it.
Result<std::vector<SavedVerdict>, std::string> parse_verdicts(std::string_view text);

}  // namespace meridian::server
