// Finds whether a source file may have changed, without reading it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/source_look.h"

#include <algorithm>
#include <iterator>

#include "server/sources/zone_loader.h"
#include "server/state/file_text.h"

namespace meridian::server {

std::string_view file_id_in(std::string_view state) {
    return state.substr(0, state.find(' ', state.find(' ') + 1));  // of device and inode
}

bool differ(const SourceLook& now, const SourceLook& seen, const FileIds& unfinished) {
    if (unfinished.empty()) { return now != seen; }
    const auto is_other = [&](const SourceLook& a, const SourceLook& b) {
        return std::ranges::any_of(a, [&](const auto& file) {
            const auto found = b.find(file.first);
            const std::string state = found == b.end() ? std::string() : found->second;
            return state != file.second && !unfinished.contains(file_id_in(file.second)) &&
                   !unfinished.contains(file_id_in(state));
        });
    };
    return is_other(now, seen) || is_other(seen, now);
}

void look_at_directory(const std::string& directory, SourceLook& look) {
    look_at_listing(directory, list_zone_files(directory), look);
}

void look_at_listing(const std::string& directory, const Result<ZoneFiles, std::string>& listing,
                     SourceLook& look) {
    if (!listing) {
        look[directory] = listing.error();
        return;
    }
    look_at_files(listing->paths, look);
}

void look_at_files(const std::vector<std::string>& paths, SourceLook& look) {
    auto next = look.begin();  // most paths come in order
    for (const std::string& path : paths) {
        next = std::next(look.insert_or_assign(next, path, file_state_of(path)));
    }
}

}  // namespace meridian::server
