// Lists everything that is told of zone files: what is wrong, and the way out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"

/// One row a message, grouped by what it is about. A row's code stays once it was released. What
/// stands in a `{}` is in the row's own words; a hint that is only `{}` is made by its caller,
/// such as `spelling_hint`. Each row has a case in tests/zones/bad_zones.txt or beside it.
namespace meridian::zones::messages {

using enum Severity;

// Steering.
inline constexpr Message kUnknownPolicy{"unknown-policy", Error, "no policy is called {}", "{}"};

}  // namespace meridian::zones::messages
