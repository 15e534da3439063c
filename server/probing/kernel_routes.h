// Asks the kernel whether it has a route to any of some addresses.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "meridian/ip_address.h"

namespace meridian::server {

/// Whether a packet to one of the addresses could leave this host: some route leads there, perhaps
/// into nothing. Nothing is sent. True where there are none, and where the kernel does not say.
/// Looks at the first addresses alone where there are many. All of one family.
bool has_any_route(std::span<const IpAddress> addresses);

}  // namespace meridian::server
