// Finds the zone file that reads another file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "server/sources/zone_loader.h"

namespace meridian::server {

/// Which zone file reads which other files: of several the first. For directories of ten thousand.
class FileReaders {
public:
    /// Points into `read`.
    explicit FileReaders(const std::map<std::string, LoadedFile>& read);

    /// The zone that the master file `path` is a part of, be it under another name; null when it
    /// stands alone.
    [[nodiscard]] const std::string* of(const std::string& path) const;

private:
    [[nodiscard]] const std::string* find(const std::string& name) const;

    std::unordered_map<std::string, const std::string*> readers_;  // by path and by stamp
};

}  // namespace meridian::server
