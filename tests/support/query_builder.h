// Builds the queries of scenarios.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "tests/support/message_builder.h"
#include "tests/support/scenario.h"

namespace meridian::tests {

/// The EDNS options of an exchange: its client subnet first, then those written out.
std::vector<std::pair<std::uint16_t, Bytes>> query_options(const Exchange& exchange);

/// The query in wire form, RD set as dig does. Throws std::runtime_error for an unknown type or
/// class.
Bytes build_query(const Exchange& exchange);

}  // namespace meridian::tests
