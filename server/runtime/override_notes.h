// Adds to an explanation who drained a region or forced it, until when, and for what reason.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "meridian/zones/verdict.h"
#include "server/health/overrides.h"

namespace meridian::server {

/// Puts the override that holds for each region behind its note, and behind each address that is
/// left out the one that took it out.
void add_override_notes(const std::vector<Override>& overrides, zones::Verdict& verdict);

}  // namespace meridian::server
