// Writes names the way the operator of a zone would.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "meridian/dns/name.h"

namespace meridian::zones {

/// Relative to `apex`, "@" for the apex itself, with the final dot outside the zone.
std::string relative_text(const dns::Name& name, const dns::Name& apex);

}  // namespace meridian::zones
