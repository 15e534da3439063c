// Resolves the names of files that stand in zone files.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

/// The path of a file called `name` in the file `naming_path`: relative to the folder of that one,
/// or absolute, without "." and empty parts. The error is the kind to report, which takes
/// `name` in quotes: no name at all, control characters, a part that is "..", over kMaxPathOctets.
Result<std::string, const DiagnosticKind*> resolve_path(std::string_view naming_path,
                                                        std::string_view name);

}  // namespace meridian::zones
