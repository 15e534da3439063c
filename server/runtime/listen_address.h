// Reads the addresses to listen on, and refuses those that cannot be served.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "meridian/endpoint.h"
#include "meridian/ip_address.h"

namespace meridian::server {

/// "192.0.2.1:53", "[2001:db8::1]:53"; without a port it is 53. IPv6 needs its brackets, since
/// "::1:53" is an address too. None for anything else.
std::optional<Endpoint> parse_endpoint(std::string_view text);

/// Why a well-formed address cannot be served.
struct AddressFault {
    std::string what;     ///< As "a multicast address, which ..."
    std::string way_out;  ///< What to write instead.
};

/// The fault of an address to listen on, as the operator wrote it in `text`. None if it can be
/// served. A link-local address of IPv6 is a fault, with an interface ("%eth0") or without, since
/// the wildcard address serves it.
std::optional<AddressFault> address_fault(std::string_view text);

/// The same for a fault that depends on this machine: the broadcast address of a network that it is
/// in.
std::optional<AddressFault> address_fault_here(const IpAddress& address);

}  // namespace meridian::server
