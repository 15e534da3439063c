// Resolves the names of files that stand in zone files.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/named_path.h"

#include <algorithm>

#include "meridian/limits.h"
#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

Result<std::string, std::string> resolve_path(std::string_view naming_path, std::string_view name) {
    const bool has_control = std::ranges::any_of(
        name, [](char octet) { return static_cast<unsigned char>(octet) < 0x20 || octet == 0x7f; });
    if (has_control) { return Failure{std::string("a file name has no control characters")}; }
    const bool absolute = name.starts_with('/');
    std::string whole;
    if (!absolute) { whole = naming_path.substr(0, naming_path.rfind('/') + 1); }
    whole += name;
    if (whole.size() > kMaxPathOctets) { return Failure{std::string("the file name is too long")}; }

    std::string path = whole.starts_with('/') ? "/" : "";
    for (std::string_view rest = whole; !rest.empty();) {
        const std::string_view part = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        if (part == "..") {
            return Failure{quoted(name) + " climbs with \"..\", which is not allowed"};
        }
        if (part.empty() || part == ".") { continue; }
        if (!path.empty() && path != "/") { path += '/'; }
        path += part;
    }
    if (path.empty() || path == "/" || name.empty() || name.ends_with('/')) {
        return Failure{quoted(name) + " is no file name"};
    }
    return path;
}

}  // namespace meridian::zones
