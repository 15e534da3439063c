// Reads each library once in a load, so that all zones see the same version of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/library_shelf.h"

#include <functional>
#include <utility>

#include "meridian/limits.h"
#include "meridian/octet_hash.h"

namespace meridian::server {

const ShelvedLibrary& LibraryShelf::read(const std::string& path) {
    const auto [found, is_new] = libraries_.try_emplace(path);
    ShelvedLibrary& shelved = found->second;
    if (!is_new) { return shelved; }
    // Before it is read, so that the next look notices a change in between.
    shelved.shows_each_change = shows_each_change(state_of(path), path);
    shelved.error = "there is not enough memory to read " + path;  // until it is read to its end
    auto file = read_file(path, kMaxTomlFileOctets);
    if (!file) {
        shelved.error = std::move(file).error().text;
        return shelved;
    }
    shelved.text_digest = digest_of(file->text);
    shelved.modified = file->modified;
    shelved.text = std::make_shared<const std::string>(std::move(file->text));
    shelved.library = zones::read_library(path, *shelved.text);
    shelved.error.clear();
    return shelved;
}

const std::string& LibraryShelf::state_of(const std::string& path) {
    const auto [found, is_new] = states_.try_emplace(path);
    if (is_new) { found->second = file_state_of(path); }
    return found->second;
}

}  // namespace meridian::server
