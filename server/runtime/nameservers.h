// Names the other nameservers of zones, on which an operator has to repeat what was done here.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "meridian/endpoint.h"
#include "meridian/zones/serving.h"
#include "server/health/override_request.h"

namespace meridian::server {

/// Notes in the outcome the nameservers of the zones that are hit. The one whose address this
/// server listens on is left out.
void add_nameservers(const zones::Serving& serving, std::span<const Endpoint> listen,
                     OverrideOutcome& outcome);

}  // namespace meridian::server
