// Remembers which master files are wanted by zone files with errors.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::server {

/// A master file that is part of a zone is no zone of its own. A zone file with an error may not be
/// read up to the place that names its master files, so each file name anywhere in its text counts.
/// For one load.
class BrokenZones {
public:
    /// `zone_file` has an error. If it cannot be read, it wants no file.
    void add(const std::string& zone_file);

    /// The first zone file with an error that names the master file `path`. Null if there is none.
    [[nodiscard]] const std::string* wanting(const std::string& path) const;

    /// Removes from `paths` the files that a zone file with an error names. They have any name.
    void leave_out_named(std::vector<std::string>& paths) const;

private:
    std::vector<std::string> zone_files_;
    std::map<std::string, std::string, std::less<>> wanted_;  // name of a file -> zone file
};

}  // namespace meridian::server
