// Tells whether anything that is served may have changed, without reading any of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/source_look.h"

#include "server/sources/file_text.h"
#include "server/sources/zone_loader.h"

namespace meridian::server {

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
