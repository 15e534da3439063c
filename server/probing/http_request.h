// Writes the request of an HTTP check.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "meridian/ip_address.h"
#include "meridian/zones/model/health.h"

namespace meridian::server {

/// The whole request, for HTTP/1.1 (RFC 9112), after which the connection ends. Headers of the
/// check replace ours of the same name. No text of the check can add a line to it.
std::string http_request(const zones::HealthCheck& check, const IpAddress& address,
                         std::string_view user_agent);

}  // namespace meridian::server
