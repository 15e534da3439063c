// Makes the route maps and images of all policies that zones steer by.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "meridian/zones/compiler.h"
#include "zones/snapshot/steering.h"

namespace meridian::zones {

/// Takes over that of the previous snapshot while the zones steer by the same policies over the
/// same atlas. A policy whose table finds no room is an error for each zone that uses it.
Result<std::shared_ptr<const Steering>, Diagnostics> compile_steering(const LinkInput& input);

}  // namespace meridian::zones
