// Builds the packets of scenarios, by code that shares nothing with the server's.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "tests/support/scenario.h"

namespace meridian::tests {

/// The EDNS options that an exchange sends: its client subnet first, then those written out.
std::vector<std::pair<std::uint16_t, std::vector<std::uint8_t>>> query_options(
    const Exchange& exchange);

/// The query as it goes over the wire, RD set as dig does. Throws std::runtime_error for a type or
/// class that it does not know.
std::vector<std::uint8_t> build_query(const Exchange& exchange);

}  // namespace meridian::tests
