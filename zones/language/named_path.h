// Resolves the names of files that stand in zone files.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "meridian/result.h"

namespace meridian::zones {

/// The path of a file called `name` in the file `naming_path`: relative to the folder of that one,
/// or absolute, without "." and empty parts. The error says why there is none: no name at all,
/// control characters, a part that is "..", or more than kMaxPathOctets.
Result<std::string, std::string> resolve_path(std::string_view naming_path, std::string_view name);

}  // namespace meridian::zones
