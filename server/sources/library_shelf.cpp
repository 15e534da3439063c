// Looks once in a load at what many zones share, so that all of them see the same of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/library_shelf.h"

#include <functional>
#include <utility>

#include "meridian/limits.h"
#include "meridian/octet_hash.h"

namespace meridian::server {

const ShelvedLibrary& LibraryShelf::read(const std::string& path) {
    const std::scoped_lock lock(mutex_);
    const auto [found, is_new] = libraries_.try_emplace(path);
    ShelvedLibrary& shelved = found->second;
    if (!is_new) { return shelved; }
    // Before it is read, so that the next look notices a change in between.
    const std::string& state = state_now(path);
    shelved.shows_each_change = shows_change(state, path);
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
    const std::scoped_lock lock(mutex_);
    return state_now(path);
}

const std::string& LibraryShelf::state_now(const std::string& path) {
    const auto [found, is_new] = states_.try_emplace(path);
    if (is_new) { found->second = file_state_of(path); }
    return found->second;
}

const Result<FolderPlace, std::string>& LibraryShelf::place_of(const std::string& folder,
                                                               const std::string& shown) {
    const std::scoped_lock lock(mutex_);
    const auto known = places_.find({folder, shown});
    if (known != places_.end()) { return known->second; }
    return places_.emplace(std::pair(folder, shown), find_in_folder(folder, shown)).first->second;
}

bool LibraryShelf::shows_each_change(const std::string& state, const std::string& path) {
    const std::scoped_lock lock(mutex_);
    return shows_change(state, path);
}

bool LibraryShelf::shows_change(const std::string& state, const std::string& path) {
    return has_rested(state) && is_on_local_file_system(state, path);
}

/// All files of a device lie on one file system.
bool LibraryShelf::is_on_local_file_system(const std::string& state, const std::string& path) {
    const std::string_view device = std::string_view(state).substr(0, state.find(' '));
    const auto known = local_devices_.find(device);
    if (known != local_devices_.end()) { return known->second; }
    return local_devices_.emplace(device, server::is_on_local_file_system(path)).first->second;
}

}  // namespace meridian::server
