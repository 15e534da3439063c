// Reports addresses that clients cannot reach.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "meridian/ip_prefix.h"
#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

/// What hands the address out.
enum class AddressUse : std::uint8_t {
    Region,
    Record,
    OwnHost,  ///< A record of `localhost`, which is to be the loopback address (RFC 6761 §6.3).
};

/// Reports `address`, written as `text`, where clients cannot reach it (RFC 6890 §2.2): an error
/// where none can, a warning where none can from elsewhere. Private addresses are fine: clients may
/// have private addresses, too. False after an error.
bool check_host_address(const IpAddress& address, std::string_view text, AddressUse use,
                        TextPosition at, const std::string& key, Findings& findings);

}  // namespace meridian::zones
