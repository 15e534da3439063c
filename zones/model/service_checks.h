// Checks what services hand out, and what they depend on.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"

namespace meridian::zones {

/// Checks last resorts, dependencies, and what becomes of families that some regions lack. Expects
/// regions, policies and services that were read without an error.
void check_services(const Zone& zone, Findings& findings);

}  // namespace meridian::zones
