// Writes what `meridian check` found as one JSON document.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "meridian/zones/diagnostic.h"

namespace meridian::server {

/// An object with `files`, `diagnostics`, `errors` and `warnings`; all of `files` are there, with
/// what was found in each. What a diagnostic has nothing to say of is null.
std::string check_json(const std::vector<std::string>& files,
                       const zones::Diagnostics& diagnostics);

}  // namespace meridian::server
