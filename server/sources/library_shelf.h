// Looks once in a load at what many zones share, so that all of them see the same of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "meridian/digest.h"
#include "meridian/result.h"
#include "meridian/zones/library.h"
#include "server/sources/folder_place.h"
#include "server/state/file_text.h"

namespace meridian::server {

/// A library as it was when a load first looked at it.
struct ShelvedLibrary {
    std::string error;  ///< In words, when it cannot be read; then `library` is null.
    std::shared_ptr<const zones::Library> library;
    SharedText text;
    Digest text_digest;
    std::int64_t modified = 0;       ///< Unix seconds.
    bool shows_each_change = false;  ///< As the shelf says of its state.
};

/// Reads and parses each library once, however many zones use it. For one load, on any of its
/// threads. References last as long as the shelf.
class LibraryShelf {
public:
    /// The library at `path`, which is how diagnostics name it.
    const ShelvedLibrary& read(const std::string& path);

    /// The state of the file `path` when this load first looked at it.
    const std::string& state_of(const std::string& path);

    /// What `find_in_folder` said when this load first asked for that.
    const Result<FolderPlace, std::string>& place_of(const std::string& folder,
                                                     const std::string& shown);

    /// Whether `state`, that of the file at `path` from before it is read, shows each later change
    /// of the text: the file has rested, on a file system of this machine.
    bool shows_each_change(const std::string& state, const std::string& path);

private:
    const std::string& state_now(const std::string& path);
    bool shows_change(const std::string& state, const std::string& path);
    bool is_on_local_file_system(const std::string& state, const std::string& path);

    std::mutex mutex_;  // of all below
    std::map<std::string, ShelvedLibrary> libraries_;
    std::map<std::string, std::string> states_;
    std::map<std::pair<std::string, std::string>, Result<FolderPlace, std::string>> places_;
    std::map<std::string, bool, std::less<>> local_devices_;
};

}  // namespace meridian::server
