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

// The serial.
inline constexpr Message kSerialBehind{
    "serial-behind", Warning,
    "the serial {} does not come after {}, under which the zone was served last",
    "secondaries will not notice this version (RFC 1982); write {} or more"};
inline constexpr Message kSerialUnchanged{
    "serial-unchanged", Warning, "the zone has changed, but its serial is {} as before",
    "secondaries will not notice the change; write {} or more"};

// Steering.
inline constexpr Message kUnknownPolicy{"unknown-policy", Error, "no policy is called {}", "{}"};

}  // namespace meridian::zones::messages
