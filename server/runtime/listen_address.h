// Reads the addresses to listen on, and knows which can be none.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "meridian/ip_prefix.h"

namespace meridian::server {

/// "192.0.2.1:53", "[2001:db8::1]:53"; without a port it is 53. IPv6 needs its brackets, since
/// "::1:53" is an address too. None for anything else.
std::optional<Endpoint> parse_endpoint(std::string_view text);

/// Why nobody could be answered at an address that is well written.
struct AddressFault {
    std::string what;     ///< As "a multicast address, which ..."
    std::string way_out;  ///< What to write instead.
};

/// The fault of an address to listen on, which `text` is in the operator's words; none where it may
/// be served. Link-local addresses of IPv6 have one, with an interface ("%eth0") or without: the
/// wildcard address serves them.
std::optional<AddressFault> address_fault(std::string_view text);

/// The same for an address that only this machine can judge: the broadcast address of a network
/// that it is in.
std::optional<AddressFault> address_fault_here(const IpAddress& address);

}  // namespace meridian::server
