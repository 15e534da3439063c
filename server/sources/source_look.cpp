// Tells whether anything that is served may have changed, without reading any of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/source_look.h"

#include <algorithm>

#include "server/sources/file_text.h"
#include "server/sources/zone_loader.h"

namespace meridian::server {

std::string file_id_in(const std::string& stamp) {
    return stamp.substr(0, stamp.find(' ', stamp.find(' ') + 1));  // of device and inode
}

bool differ(const SourceLook& now, const SourceLook& seen, const FileIds& unfinished) {
    if (unfinished.empty()) { return now != seen; }
    const auto is_other = [&](const SourceLook& a, const SourceLook& b) {
        return std::ranges::any_of(a, [&](const auto& file) {
            const auto found = b.find(file.first);
            const std::string stamp = found == b.end() ? std::string() : found->second;
            return stamp != file.second && !unfinished.contains(file_id_in(file.second)) &&
                   !unfinished.contains(file_id_in(stamp));
        });
    };
    return is_other(now, seen) || is_other(seen, now);
}

void look_at_directory(const std::string& directory, SourceLook& look) {
    const auto listing = list_zone_files(directory);
    if (!listing) {
        look[directory] = listing.error();
        return;
    }
    look_at_files(listing->paths, look);
}

void look_at_files(const std::vector<std::string>& paths, SourceLook& look) {
    for (const std::string& path : paths) {
        look[path] = stamp_of(path);
    }
}

}  // namespace meridian::server
