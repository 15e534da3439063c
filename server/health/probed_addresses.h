// Says which addresses may be probed at all.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "meridian/ip_address.h"

namespace meridian::server {

/// Why the address may not be probed, in words; empty where it may be.
///
/// A zone's author must not read the secrets that clouds hand out at fixed addresses, and what is
/// local to a link is another address on each server. Loopback and private addresses are allowed.
std::string_view why_not_probed(const IpAddress& address);

inline bool may_probe(const IpAddress& address) {
    return why_not_probed(address).empty();
}

}  // namespace meridian::server
