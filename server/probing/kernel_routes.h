// Asks the kernel whether it has a route to any of some addresses.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <vector>

#include "meridian/ip_address.h"
#include "server/probing/check_result.h"

namespace meridian::server {

/// Whether a packet to one of the addresses could leave this host: some route leads there, perhaps
/// into nothing. Nothing is sent. True where there are none, and where the kernel does not say.
/// Looks at the first addresses alone where there are many. All of one family.
bool has_any_route(std::span<const IpAddress> addresses);

/// The families that this host has a way to, of these addresses by family. Without any way at all
/// it is this host that is cut off, which blindness is about, and not a family.
FamilySet reached_families(const std::array<std::vector<IpAddress>, 2>& addresses);

}  // namespace meridian::server
