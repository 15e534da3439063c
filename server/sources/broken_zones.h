// Remembers which master files are wanted by zone files with errors.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace meridian::server {

/// A master file that is part of a zone is no zone of its own, but a zone file with an error may
/// not be read as far as the place that says so. Then it is enough that the file's name stands
/// somewhere in its text. For one load.
class BrokenZones {
public:
    /// `zone_file` has an error. Where it cannot be read, it wants nothing.
    void add(const std::string& zone_file);

    /// The zone file with an error that names the master file `path`; of several the first. Null
    /// when there is none.
    [[nodiscard]] const std::string* wanting(const std::string& path) const;

private:
    std::map<std::string, std::string, std::less<>> wanted_;  // name of a file -> zone file
};

}  // namespace meridian::server
