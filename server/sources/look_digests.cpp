// Remembers by digests what a look at the files showed.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/look_digests.h"

#include <algorithm>

#include "meridian/octet_hash.h"

namespace meridian::server {

LookDigests::LookDigests(const SourceLook& look) {
    files_.reserve(look.size());
    for (const auto& [path, state] : look) {
        files_.emplace_back(digest_of(path), digest_of(state));
    }
    std::ranges::sort(files_);
}

void LookDigests::update(const SourceLook& news) {
    for (const auto& [path, state] : news) {
        const File file{digest_of(path), digest_of(state)};
        const auto place = std::ranges::lower_bound(files_, file.first, {}, &File::first);
        if (place != files_.end() && place->first == file.first) {
            place->second = file.second;
        } else {
            files_.insert(place, file);
        }
    }
}

bool LookDigests::is_another(std::string_view path, std::string_view state) const {
    const Digest digest = digest_of(path);
    const auto place = std::ranges::lower_bound(files_, digest, {}, &File::first);
    return place != files_.end() && place->first == digest && place->second != digest_of(state);
}

}  // namespace meridian::server
