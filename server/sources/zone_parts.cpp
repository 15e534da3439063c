// Finds the zone file that reads another file.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/zone_parts.h"

#include <algorithm>

#include "server/state/file_text.h"

namespace meridian::server {

ZoneParts::ZoneParts(const ZonesByFile& read) {
    for (const auto& [file, zone] : read) {
        if (is_master_file(file)) { continue; }
        for (const NamedFileState& named : zone->named) {
            wholes_.emplace(named.path, &file);
            if (!named.state.empty()) { wholes_.emplace(named.state, &file); }
        }
    }
}

const std::string* ZoneParts::whole_of(const std::string& path) const {
    if (wholes_.empty()) { return nullptr; }
    const std::string* const by_path = find(path);
    const std::string* const by_state = find(file_state_of(path));
    if (by_path == nullptr || by_state == nullptr) { return by_path ? by_path : by_state; }
    return std::min(by_path, by_state, [](auto left, auto right) { return *left < *right; });
}

const std::string* ZoneParts::find(const std::string& name) const {
    const auto found = wholes_.find(name);
    return found == wholes_.end() ? nullptr : found->second;
}

}  // namespace meridian::server
