// Keeps the libraries of one load, so that all zones see the same version of each.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/library_shelf.h"

#include <functional>
#include <utility>

#include "meridian/limits.h"

namespace meridian::server {

const ShelvedLibrary& LibraryShelf::read(const std::string& path) {
    const auto [found, is_new] = libraries_.try_emplace(path);
    ShelvedLibrary& shelved = found->second;
    if (!is_new) { return shelved; }
    (void)stamp(path);  // before it is read: a change in between shows at the next look
    shelved.error = "there is not enough memory to read " + path;  // unless it is read to its end
    auto file = read_file(path, kMaxTomlFileOctets);
    if (!file) {
        shelved.error = std::move(file).error().text;
        return shelved;
    }
    shelved.text_hash = std::hash<std::string>{}(file->text);
    shelved.modified = file->modified;
    shelved.text = std::make_shared<const std::string>(std::move(file->text));
    shelved.library = zones::read_library(path, *shelved.text);
    shelved.error.clear();
    return shelved;
}

const std::string& LibraryShelf::stamp(const std::string& path) {
    const auto [found, is_new] = stamps_.try_emplace(path);
    if (is_new) { found->second = stamp_of(path); }
    return found->second;
}

}  // namespace meridian::server
