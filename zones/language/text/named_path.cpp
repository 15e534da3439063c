// Resolves the names of files that stand in zone files.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/text/named_path.h"

#include <algorithm>

#include "meridian/limits.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {

Result<std::string, const DiagnosticKind*> resolve_path(std::string_view naming_path,
                                                        std::string_view name) {
    const bool has_control = std::ranges::any_of(
        name, [](char octet) { return static_cast<unsigned char>(octet) < 0x20 || octet == 0x7f; });
    if (has_control) { return Failure{&diagnostics::kControlInPath}; }
    const bool absolute = name.starts_with('/');
    std::string whole;
    if (!absolute) { whole = naming_path.substr(0, naming_path.rfind('/') + 1); }
    whole += name;
    if (whole.size() > kMaxPathOctets) { return Failure{&diagnostics::kPathTooLong}; }

    std::string path = whole.starts_with('/') ? "/" : "";
    for (std::string_view rest = whole; !rest.empty();) {
        const std::string_view part = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        if (part == "..") { return Failure{&diagnostics::kClimbingPath}; }
        if (part.empty() || part == ".") { continue; }
        if (!path.empty() && path != "/") { path += '/'; }
        path += part;
    }
    if (path.empty() || path == "/" || name.empty() || name.ends_with('/')) {
        return Failure{&diagnostics::kNoPath};
    }
    return path;
}

}  // namespace meridian::zones
