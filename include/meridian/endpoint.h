// Holds an address with a port.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "meridian/ip_address.h"

namespace meridian {

/// An address with a port: where the server listens, or where a client asks from.
struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;

    [[nodiscard]] std::string to_string() const {
        const std::string host = address.to_string();
        return (address.is_v4() ? host : "[" + host + "]") + ":" + std::to_string(port);
    }
    friend constexpr bool operator==(const Endpoint&, const Endpoint&) = default;
};

}  // namespace meridian
