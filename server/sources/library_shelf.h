// Keeps the libraries of one load, so that all zones see the same version of each.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "meridian/result.h"
#include "meridian/zones/library.h"
#include "server/sources/file_text.h"

namespace meridian::server {

/// A library as it was when a load first looked at it.
struct ShelvedLibrary {
    std::string error;  ///< In words, when it cannot be read; then `library` is null.
    std::shared_ptr<const zones::Library> library;
    SharedText text;
    std::uint64_t text_hash = 0;
    std::int64_t modified = 0;  ///< Unix seconds.
};

/// Reads and parses each library once, however many zones use it. For one load on one thread.
class LibraryShelf {
public:
    /// The library at `path`, which is how diagnostics name it.
    const ShelvedLibrary& read(const std::string& path);

    /// What the file system said of `path` when it was first asked.
    const std::string& stamp(const std::string& path);

private:
    std::map<std::string, ShelvedLibrary> libraries_;
    std::map<std::string, std::string> stamps_;
};

}  // namespace meridian::server
