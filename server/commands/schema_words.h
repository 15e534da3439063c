// Says in words what may stand at a key, for the reference page and the JSON Schema alike.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "meridian/zones/key_rows.h"

namespace meridian::server {

/// "whole number, 1 to 64", "TTL, 1 to 2147483647 s", `"next"` or `"omit"`.
std::string value_words(const zones::KeyRow& row);

/// "Not supported yet", "No effect yet"; empty for what works.
std::string_view status_words(zones::Status status);

/// Whether the row says how few or how many.
bool has_minimum(const zones::KeyRow& row);
bool has_maximum(const zones::KeyRow& row);

}  // namespace meridian::server
