// Reads each library once in a load, so that all zones see the same version of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "meridian/digest.h"
#include "meridian/result.h"
#include "meridian/zones/library.h"
#include "server/state/file_text.h"

namespace meridian::server {

/// A library as it was when a load first looked at it.
struct ShelvedLibrary {
    std::string error;  ///< In words, when it cannot be read; then `library` is null.
    std::shared_ptr<const zones::Library> library;
    SharedText text;
    Digest text_digest;
    std::int64_t modified = 0;       ///< Unix seconds.
    bool shows_each_change = false;  ///< What that function says of its state.
};

/// Reads and parses each library once, however many zones use it. For one load on one thread.
class LibraryShelf {
public:
    /// The library at `path`, which is how diagnostics name it.
    const ShelvedLibrary& read(const std::string& path);

    /// The state of the file `path` when this load first looked at it.
    const std::string& state_of(const std::string& path);

private:
    std::map<std::string, ShelvedLibrary> libraries_;
    std::map<std::string, std::string> states_;
};

}  // namespace meridian::server
