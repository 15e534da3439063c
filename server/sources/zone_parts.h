// Finds the zone file that reads another file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <unordered_map>

#include "server/sources/zone_loader.h"

namespace meridian::server {

/// The files that zone files read, each with the first zone file that reads it. Made for
/// directories of ten thousand files.
class ZoneParts {
public:
    /// Points into `read`.
    explicit ZoneParts(const ZonesByFile& read);

    /// The zone file that the master file `path` is a part of, also under another name. Null for a
    /// master file that is a zone of its own.
    [[nodiscard]] const std::string* whole_of(const std::string& path) const;

private:
    [[nodiscard]] const std::string* find(const std::string& name) const;

    std::unordered_map<std::string, const std::string*> wholes_;  // by path and by file state
};

}  // namespace meridian::server
