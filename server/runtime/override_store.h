// Writes and reads what operators set by hand, for the next start.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "meridian/result.h"
#include "server/health/overrides.h"

namespace meridian::server {

/// A line for each override, between a title and a digest (server/state/state_lines.h).
std::string overrides_text(const std::vector<Override>& overrides);

/// The error says what is wrong with the text. Never throws on it.
Result<std::vector<Override>, std::string> parse_overrides(std::string_view text);

}  // namespace meridian::server
